package io.alidade.storage.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ChecksummedFileTest {
  private static final int FORMAT = 7;

  @TempDir Path temporary;

  @Test
  void sectionsComeBackAlignedAndWhole() throws Exception {
    byte[] large = random(300_001, 1);
    Path file = temporary.resolve("file");
    try (ChecksummedWriter writer = ChecksummedWriter.create(file, FORMAT)) {
      writer.beginSection("numbers");
      writer.writeByte((byte) 1);
      writer.align(8);
      writer.writeLong(2);
      writer.writeInt(3);
      writer.writeShort((short) 4);
      writer.writeFloat(5);
      writer.writeDouble(6);
      assertThat(writer.sectionPosition()).isEqualTo(34);
      writer.beginSection("empty");
      writer.beginSection("large");
      writer.write(large);
      writer.write(MemorySegment.ofArray(large));
      writer.write(ByteBuffer.allocateDirect(5));
      writer.finish();
    }
    try (ChecksummedFile read = ChecksummedFile.open(file)) {
      read.verify();
      assertThat(read.formatVersion()).isEqualTo(FORMAT);
      assertThat(read.size()).isEqualTo(Files.size(file));
      assertThat(read.sectionNames()).containsExactly("numbers", "empty", "large");
      MemorySegment numbers = read.section("numbers");
      assertThat(numbers.byteSize()).isEqualTo(34);
      assertThat(numbers.address() % 64).isZero();
      assertThat(numbers.get(SectionFormat.LONG, 8)).isEqualTo(2);
      assertThat(numbers.get(SectionFormat.INT, 16)).isEqualTo(3);
      assertThat(read.section("empty").byteSize()).isZero();
      MemorySegment bytes = read.section("large");
      assertThat(bytes.address() % 64).isZero();
      assertThat(bytes.asSlice(0, large.length).toArray(ValueLayout.JAVA_BYTE)).isEqualTo(large);
      assertThat(bytes.byteSize()).isEqualTo(2L * large.length + 5);
      assertThat(read.unverifiedSection("large").byteSize()).isEqualTo(bytes.byteSize());
      assertThatThrownBy(() -> read.section("none"))
          .isInstanceOf(CorruptFileException.class)
          .hasMessageContaining("section \"none\" is missing");
    }
  }

  @Test
  void anySingleFlippedBitIsFound() throws Exception {
    Path file = write(temporary.resolve("file"));
    byte[] whole = Files.readAllBytes(file);
    Random random = new Random(3);
    for (int i = 0; i < 400; i++) {
      int offset =
          i < 100 ? i : i < 250 ? whole.length - 1 - (i - 100) : random.nextInt(whole.length);
      Path damaged = temporary.resolve("damaged");
      byte[] bytes = whole.clone();
      bytes[offset] ^= (byte) (1 << random.nextInt(8));
      Files.write(damaged, bytes);
      assertThatThrownBy(() -> verify(damaged))
          .as("a bit of byte %d of %d", offset, whole.length)
          .isInstanceOf(CorruptFileException.class)
          .hasMessageContaining(damaged.toString());
    }
  }

  @Test
  void aFileThatWasCutOrNotFinishedIsFound() throws Exception {
    Path file = write(temporary.resolve("file"));
    long size = Files.size(file);
    for (long length : new long[] {0, 10, 64, 96, 1000, size / 2, size - 32, size - 1}) {
      Path cut = temporary.resolve("cut-" + length);
      Files.copy(file, cut);
      try (FileChannel channel = FileChannel.open(cut, StandardOpenOption.WRITE)) {
        channel.truncate(length);
      }
      assertThatThrownBy(() -> verify(cut))
          .as("cut to %d", length)
          .isInstanceOf(CorruptFileException.class);
    }
    Path unfinished = temporary.resolve("unfinished");
    try (ChecksummedWriter writer = ChecksummedWriter.create(unfinished, FORMAT)) {
      writer.beginSection("a");
      writer.write(random(1_000_000, 1));
    }
    assertThatThrownBy(() -> verify(unfinished)).isInstanceOf(CorruptFileException.class);
  }

  @Test
  void theOffsetOfTheDamagedBlockIsTold() throws Exception {
    Path file = write(temporary.resolve("file"));
    byte[] bytes = Files.readAllBytes(file);
    bytes[150_000] ^= 1;
    Files.write(file, bytes);
    try (ChecksummedFile read = ChecksummedFile.open(file)) {
      assertThatThrownBy(() -> read.section("b"))
          .isInstanceOfSatisfying(
              CorruptFileException.class,
              corrupt -> {
                assertThat(corrupt.offset()).isEqualTo(131_072);
                assertThat(corrupt.path()).isEqualTo(file);
              });
      assertThat(read.section("a").byteSize()).isEqualTo(1000);
    }
  }

  @Test
  void aClosedFileCannotBeRead() throws Exception {
    ChecksummedFile read = ChecksummedFile.open(write(temporary.resolve("file")));
    MemorySegment section = read.section("a");
    read.close();
    assertThatThrownBy(() -> section.get(ValueLayout.JAVA_BYTE, 0))
        .isInstanceOf(IllegalStateException.class);
  }

  private static Path write(Path file) throws IOException {
    try (ChecksummedWriter writer = ChecksummedWriter.create(file, FORMAT)) {
      writer.beginSection("a");
      writer.write(random(1000, 1));
      writer.beginSection("b");
      writer.write(random(200_000, 2));
      writer.finish();
    }
    return file;
  }

  private static void verify(Path file) throws IOException, CorruptFileException {
    try (ChecksummedFile read = ChecksummedFile.open(file)) {
      read.verify();
      read.section("a");
    }
  }

  private static byte[] random(int length, long seed) {
    byte[] bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }
}
