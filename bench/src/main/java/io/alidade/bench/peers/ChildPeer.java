package io.alidade.bench.peers;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// A peer in a child process.
///
/// The child is started with the workload as its arguments. It reads commands from its standard
/// input, a line each, and answers each by a line; words are separated by tabs:
///
/// | command | answer |
/// |---|---|
/// | `build` file threads | processor and wall nanoseconds of building; the index is saved in the file |
/// | `open` file | `0` |
/// | `search` ef file | processor and wall nanoseconds of all queries, distances or -1; the file holds the ordinals found as little-endian ints, [Workload#K] a query, -1 for none |
///
/// An answer begins with the word [#ANSWER]; other lines are noise. The child ends with its input.
final class ChildPeer implements MeasuredPeer {

  static final String ANSWER = "peer-answers";

  private static final long SECONDS_TO_END = 10;

  private final PeerKind kind;
  private final BuildFigures build;
  private final Path results;
  private final Process process;
  private final BufferedWriter commands;
  private final BufferedReader answers;

  private ChildPeer(PeerKind kind, BuildFigures build, Path results, Process process) {
    this.kind = kind;
    this.build = build;
    this.results = results;
    this.process = process;
    this.commands = process.outputWriter(StandardCharsets.UTF_8);
    this.answers = process.inputReader(StandardCharsets.UTF_8);
  }

  /// Builds an index in a child of its own.
  static BuildFigures build(PeerKind kind, ProcessBuilder command, Path index, int threads)
      throws IOException {
    Path log = index.resolveSibling(index.getFileName() + ".log");
    try (ChildPeer child =
        new ChildPeer(kind, new BuildFigures(0, 0, 0), log, start(command, log))) {
      long[] figures = child.ask("build", index.toString(), Integer.toString(threads));
      return new BuildFigures(figures[0], figures[1], bytes(index));
    }
  }

  /// Opens an index that has been built.
  static ChildPeer open(PeerKind kind, ProcessBuilder command, Path index, BuildFigures build)
      throws IOException {
    Path log = index.resolveSibling(index.getFileName() + ".log");
    Path results = index.resolveSibling(index.getFileName() + ".found");
    ChildPeer child = new ChildPeer(kind, build, results, start(command, log));
    child.ask("open", index.toString());
    return child;
  }

  private static Process start(ProcessBuilder command, Path log) throws IOException {
    return command.redirectError(ProcessBuilder.Redirect.appendTo(log.toFile())).start();
  }

  private static long bytes(Path index) throws IOException {
    try (var files = Files.walk(index)) {
      return files.filter(Files::isRegularFile).mapToLong(file -> file.toFile().length()).sum();
    }
  }

  @Override
  public PeerKind kind() {
    return kind;
  }

  @Override
  public BuildFigures build() {
    return build;
  }

  @Override
  public Pass pass(int ef) throws IOException {
    long[] figures = ask("search", Integer.toString(ef), results.toString());
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(results));
    int[] found = new int[bytes.capacity() / Integer.BYTES];
    bytes.order(ByteOrder.LITTLE_ENDIAN).asIntBuffer().get(found);
    return new Pass(found, figures[0], figures[1], figures[2]);
  }

  private long[] ask(String... words) throws IOException {
    commands.write(String.join("\t", words));
    commands.newLine();
    commands.flush();
    for (String line = answers.readLine(); line != null; line = answers.readLine()) {
      List<String> answer = List.of(line.split("\t"));
      if (answer.getFirst().equals(ANSWER)) {
        return answer.stream().skip(1).mapToLong(Long::parseLong).toArray();
      }
    }
    throw new IOException(
        kind.id() + " ended at '" + Arrays.toString(words) + "'; see its log beside " + results);
  }

  @Override
  public void close() {
    try {
      commands.close();
      if (!process.waitFor(SECONDS_TO_END, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (IOException e) {
      process.destroyForcibly(); // It has ended before.
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
