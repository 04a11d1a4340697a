package io.alidade.bench.memory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;

/// The resident memory of this process, as the kernel tells it, and the most its own part was.
final class ResidentMemory implements AutoCloseable {
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final long SAMPLE_MILLIS = 100;

  private final AtomicLong peak = new AtomicLong();
  private final Thread sampler = Thread.ofPlatform().daemon().unstarted(this::sample);

  /// One look.
  ///
  /// @param own bytes of the process's own memory: heap, what is allocated beside it
  /// @param mapped bytes of files that are mapped: page cache, which the system may take back
  record Look(long own, long mapped) {
    private static final double MEGA = 1 << 20;

    @Override
    public String toString() {
      return "%7.0f MB own, %7.0f MB of files".formatted(own / MEGA, mapped / MEGA);
    }
  }

  ResidentMemory() {
    sampler.start();
  }

  static Look now() {
    try {
      long own = 0;
      long mapped = 0;
      for (String line : Files.readAllLines(STATUS)) {
        if (line.startsWith("RssAnon:")) {
          own = bytes(line);
        } else if (line.startsWith("RssFile:")) {
          mapped = bytes(line);
        }
      }
      return new Look(own, mapped);
    } catch (IOException e) {
      throw new IllegalStateException("this system has no " + STATUS, e);
    }
  }

  /// `RssAnon: 1234 kB`.
  private static long bytes(String line) {
    String[] words = line.split("\\s+");
    return Long.parseLong(words[1]) << 10;
  }

  /// The most of the process's own memory since the last call.
  long takePeak() {
    return peak.getAndSet(0);
  }

  private void sample() {
    try {
      while (true) {
        peak.accumulateAndGet(now().own(), Math::max);
        Thread.sleep(SAMPLE_MILLIS);
      }
    } catch (InterruptedException e) {
      // Asked to end.
    }
  }

  @Override
  public void close() {
    sampler.interrupt();
  }
}
