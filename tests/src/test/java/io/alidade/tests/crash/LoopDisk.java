package io.alidade.tests.crash;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/// An ext4 file system in an image file, mounted for a test; for root on Linux only.
final class LoopDisk implements AutoCloseable {
  private static final int UNMOUNT_TRIES = 50;
  private static final int COPY_TRIES = 20;

  private final Path image;
  private final Path mountPoint;

  private LoopDisk(Path image, Path mountPoint) {
    this.image = image;
    this.mountPoint = mountPoint;
  }

  /// Skips the test where nothing can be mounted.
  static void assumePossible(Path scratch) throws IOException, InterruptedException {
    Path image = scratch.resolve("probe.img");
    boolean possible = false;
    String why = "not Linux";
    if (System.getProperty("os.name").equals("Linux")) {
      try {
        try (LoopDisk disk = make(image, scratch.resolve("probe"), 16)) {
          possible = Files.isDirectory(disk.path());
        }
      } catch (IOException | IllegalStateException e) {
        why = String.valueOf(e.getMessage());
      }
    }
    Files.deleteIfExists(image);
    Assumptions.assumeTrue(possible, "loop mounts are not possible here: " + why);
  }

  /// An empty ext4 in a new file, which takes its space as it is written.
  static LoopDisk make(Path image, Path mountPoint, int megabytes)
      throws IOException, InterruptedException {
    run("truncate", "-s", megabytes + "M", image.toString());
    run("mkfs.ext4", "-q", "-F", image.toString());
    return mount(image, mountPoint);
  }

  /// What was written before; the file system's journal is replayed.
  static LoopDisk mount(Path image, Path mountPoint) throws IOException, InterruptedException {
    Files.createDirectories(mountPoint);
    run("mount", "-o", "loop", image.toString(), mountPoint.toString());
    return new LoopDisk(image, mountPoint);
  }

  Path path() {
    return mountPoint;
  }

  /// Copies what a power failure would leave: the blocks that were written, and nothing that only
  /// the page cache holds. Nobody may write; what the kernel writes by itself meanwhile makes it
  /// begin anew.
  void copyTo(Path copy) throws IOException, InterruptedException {
    for (int i = 0; i < COPY_TRIES; i++) {
      run("cp", "--sparse=always", image.toString(), copy.toString());
      if (status("cmp", "-s", image.toString(), copy.toString()) == 0) {
        return;
      }
    }
    throw new IllegalStateException("the disk is written to all the time");
  }

  @Override
  public void close() throws IOException, InterruptedException {
    for (int i = 0; i < UNMOUNT_TRIES; i++) {
      if (status("umount", mountPoint.toString()) == 0) {
        return;
      }
      TimeUnit.MILLISECONDS.sleep(100); // Whoever was killed may not have ended yet.
    }
    run("umount", "-l", mountPoint.toString());
  }

  private static void run(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IllegalStateException(String.join(" ", List.of(command)) + ": " + output.strip());
    }
  }

  private static int status(String... command) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    return process.waitFor();
  }
}
