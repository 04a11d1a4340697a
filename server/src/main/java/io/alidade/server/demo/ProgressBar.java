package io.alidade.server.demo;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.function.LongSupplier;

/// One line that tells how far something is: redrawn on a terminal, repeated at every tenth
/// elsewhere. Used by one thread.
final class ProgressBar {
  private static final int WIDTH = 30;
  private static final long REDRAW_NANOS = 100_000_000L;

  private final PrintWriter out;
  private final Style style;
  private final long total;
  private final LongSupplier nanoClock;
  private final long start;
  private long lastDrawn;
  private long lastTenth;

  /// Where the line is shown.
  enum Style {
    TERMINAL,
    LINES
  }

  /// @param nanoClock as `System.nanoTime`
  ProgressBar(PrintWriter out, Style style, long total, LongSupplier nanoClock) {
    this.out = out;
    this.style = style;
    this.total = total;
    this.nanoClock = nanoClock;
    this.start = nanoClock.getAsLong();
    this.lastDrawn = start - REDRAW_NANOS;
  }

  /// Tells that `done` of the total are done.
  void update(long done) {
    long now = nanoClock.getAsLong();
    switch (style) {
      case TERMINAL -> {
        if (done >= total || now - lastDrawn >= REDRAW_NANOS) {
          lastDrawn = now;
          out.print("\r" + line(done, now) + "\u001b[K");
          out.print(done >= total ? "\n" : "");
        }
      }
      case LINES -> {
        long tenth = done * 10 / total;
        if (tenth > lastTenth) {
          lastTenth = tenth;
          out.println(line(done, now));
        }
      }
    }
    out.flush();
  }

  private String line(long done, long now) {
    int filled = (int) (done * WIDTH / total);
    double seconds = Math.max(1e-3, (now - start) / 1e9);
    double rate = done / seconds;
    String rest =
        done >= total ? "" : String.format(Locale.ROOT, ", %.0f s left", (total - done) / rate);
    return String.format(
        Locale.ROOT,
        "  [%s%s] %,d of %,d rows, %.0f rows/s%s",
        "#".repeat(filled),
        ".".repeat(WIDTH - filled),
        done,
        total,
        rate,
        rest);
  }
}
