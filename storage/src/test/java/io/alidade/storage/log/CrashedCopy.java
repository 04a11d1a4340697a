package io.alidade.storage.log;

import io.alidade.storage.file.DataDirectory;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;

/// The files of a running log as a dead process would have left them, to be damaged and opened.
final class CrashedCopy implements AutoCloseable {
  private final DataDirectory data;

  private CrashedCopy(DataDirectory data) {
    this.data = data;
  }

  static CrashedCopy of(Path running, Path target) throws IOException {
    try (Stream<Path> files = Files.walk(running)) {
      for (Path file : files.toList()) {
        Path copy = target.resolve(running.relativize(file).toString());
        boolean inPreparation = file.toString().contains(DirectoryPreparer.PREFIX);
        if (Files.isDirectory(file)) {
          Files.createDirectories(copy);
        } else if (!inPreparation && !file.endsWith("alidade.lock")) {
          Files.copy(file, copy);
        }
      }
    }
    return new CrashedCopy(DataDirectory.open(target));
  }

  DataDirectory data() {
    return data;
  }

  List<Path> logFiles() throws IOException {
    try (Stream<Path> files = Files.walk(data.path().resolve("log"))) {
      return files.filter(file -> file.toString().endsWith(".cq4")).sorted().toList();
    }
  }

  Path onlyLogFile() throws IOException {
    List<Path> files = logFiles();
    if (files.size() != 1) {
      throw new IllegalStateException("log files: " + files);
    }
    return files.getFirst();
  }

  long find(Path file, String text) throws IOException {
    String content = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
    int offset = content.indexOf(text);
    if (offset < 0) {
      throw new IllegalStateException("no \"" + text + "\" in " + file);
    }
    return offset;
  }

  void flipBit(Path file, long offset) throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      ByteBuffer one = ByteBuffer.allocate(1);
      channel.read(one, offset);
      one.put(0, (byte) (one.get(0) ^ 4)).rewind();
      channel.write(one, offset);
    }
  }

  void zero(Path file, long offset, int length) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.allocate(length), offset);
    }
  }

  void cut(Path file, long length) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.truncate(length);
    }
  }

  void deleteDirectoryOf(Path file) throws IOException {
    Path directory = file.getParent();
    LogDirectory.deleteTree(directory);
  }

  @Override
  public void close() throws IOException {
    data.close();
  }
}
