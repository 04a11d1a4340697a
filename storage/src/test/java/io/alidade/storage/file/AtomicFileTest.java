package io.alidade.storage.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class AtomicFileTest {
  @TempDir Path temporary;

  @Test
  void theNewContentTakesThePlaceOfTheOld() throws IOException {
    Path file = temporary.resolve("manifest");
    AtomicFile.replace(file, ByteBuffer.wrap("old and longer".getBytes(StandardCharsets.UTF_8)));
    Files.writeString(
        AtomicFile.temporary(file), "left by a crash, and longer than what is written now");
    AtomicFile.replace(file, ByteBuffer.wrap("new".getBytes(StandardCharsets.UTF_8)));
    assertThat(file).hasContent("new");
    assertThat(AtomicFile.temporary(file)).doesNotExist();
  }
}
