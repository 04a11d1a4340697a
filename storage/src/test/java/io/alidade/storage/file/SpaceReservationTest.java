package io.alidade.storage.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SpaceReservationTest {
  @TempDir Path temporary;

  @Test
  void reservedBytesAreThereAndZero() throws IOException {
    Path file = Files.write(temporary.resolve("file"), new byte[] {1, 2, 3});
    if (SpaceReservation.reserve(file, 100_000)) {
      byte[] bytes = Files.readAllBytes(file);
      assertThat(bytes).hasSize(100_000).startsWith(1, 2, 3, 0);
    }
  }
}
