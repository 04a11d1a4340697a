package io.alidade.server.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

final class ProgressBarTest {
  private final StringWriter out = new StringWriter();
  private long nanos;

  @Test
  void aFileGetsALineForEachTenth() {
    ProgressBar bar = bar(ProgressBar.Style.LINES, 1_000);
    for (int done = 50; done <= 1_000; done += 50) {
      nanos += 500_000_000L;
      bar.update(done);
    }
    assertThat(out.toString()).hasLineCount(10);
    assertThat(out.toString().lines().toList().getFirst())
        .isEqualTo("  [###...........................] 100 of 1,000 rows, 100 rows/s, 9 s left");
    assertThat(out.toString().lines().toList().getLast())
        .isEqualTo("  [##############################] 1,000 of 1,000 rows, 100 rows/s");
  }

  @Test
  void aTerminalGetsOneLineThatIsRedrawnAtMostTenTimesASecond() {
    ProgressBar bar = bar(ProgressBar.Style.TERMINAL, 1_000);
    for (int done = 1; done <= 1_000; done++) {
      nanos += 1_000_000L;
      bar.update(done);
    }
    assertThat(out.toString()).containsOnlyOnce("\n").endsWith("1,000 rows, 1000 rows/s\u001b[K\n");
    assertThat(out.toString().chars().filter(c -> c == '\r').count()).isBetween(9L, 12L);
  }

  private ProgressBar bar(ProgressBar.Style style, long total) {
    return new ProgressBar(new PrintWriter(out), style, total, () -> nanos);
  }
}
