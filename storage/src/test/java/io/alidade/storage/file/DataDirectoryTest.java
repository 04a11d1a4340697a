package io.alidade.storage.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.alidade.model.DatabaseException;
import io.alidade.model.SqlState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DataDirectoryTest {
  @TempDir Path temporary;

  @Test
  void aNewDirectoryIsMarkedWithItsVersion() throws IOException {
    Path path = temporary.resolve("a/b");
    try (DataDirectory data = DataDirectory.open(path)) {
      assertThat(data.path()).isEqualTo(path);
      assertThat(path.resolve(DataDirectory.VERSION_FILE)).hasContent("1\n");
    }
    try (DataDirectory again = DataDirectory.open(path)) {
      assertThat(again.path()).isEqualTo(path);
    }
  }

  @Test
  void aDirectoryInUseIsRefused() throws IOException {
    try (DataDirectory first = DataDirectory.open(temporary)) {
      assertRefused(
          SqlState.OBJECT_IN_USE,
          "data directory \"" + first.path() + "\" is in use by another process");
    }
    DataDirectory.open(temporary).close();
  }

  @Test
  void aDirectoryOfSomebodyElseIsRefusedAndLeftAsItWas() throws IOException {
    Files.writeString(temporary.resolve("letters.txt"), "not a database");
    assertRefused(
        SqlState.OBJECT_NOT_IN_PREREQUISITE_STATE,
        "directory \"" + temporary + "\" is not empty and not an Alidade data directory");
    try (var files = Files.list(temporary)) {
      assertThat(files).hasSize(1);
    }
  }

  @Test
  void anUnknownFormatVersionIsRefusedByName() throws IOException {
    Files.writeString(temporary.resolve(DataDirectory.VERSION_FILE), "7\n");
    assertRefused(
        SqlState.OBJECT_NOT_IN_PREREQUISITE_STATE,
        "data directory \""
            + temporary
            + "\" has format version \"7\", this server knows version \"1\" only");
  }

  @Test
  void aFileIsNoDataDirectory() throws IOException {
    Path file = Files.writeString(temporary.resolve("file"), "");
    assertThatThrownBy(() -> DataDirectory.open(file))
        .isInstanceOf(DatabaseException.class)
        .hasMessage("\"" + file + "\" is not a directory");
  }

  @Test
  void aDirectoryWhoseMakerCrashedIsTakenOver() throws IOException {
    Files.writeString(temporary.resolve("alidade.lock"), "");
    Files.writeString(temporary.resolve(DataDirectory.VERSION_FILE + ".tmp"), "");
    try (DataDirectory data = DataDirectory.open(temporary)) {
      assertThat(data.path().resolve(DataDirectory.VERSION_FILE)).hasContent("1\n");
    }
  }

  private void assertRefused(SqlState state, String message) {
    assertThatThrownBy(() -> DataDirectory.open(temporary))
        .isInstanceOfSatisfying(
            DatabaseException.class,
            refused -> {
              assertThat(refused.state()).isEqualTo(state);
              assertThat(refused.message()).isEqualTo(message);
            });
  }
}
