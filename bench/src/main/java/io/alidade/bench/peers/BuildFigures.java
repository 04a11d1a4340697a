package io.alidade.bench.peers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// What building an index has taken.
///
/// @param cpuNanos processor time of the whole process: a JVM's compiler and collector included
/// @param bytes what it takes on disk
record BuildFigures(long cpuNanos, long wallNanos, long bytes) {

  BuildFigures plus(BuildFigures other) {
    return new BuildFigures(cpuNanos + other.cpuNanos, wallNanos + other.wallNanos, bytes);
  }

  void write(Path file) throws IOException {
    Files.writeString(file, cpuNanos + " " + wallNanos + " " + bytes);
  }

  static BuildFigures read(Path file) throws IOException {
    String[] figures = Files.readString(file).strip().split(" ");
    return new BuildFigures(
        Long.parseLong(figures[0]), Long.parseLong(figures[1]), Long.parseLong(figures[2]));
  }
}
