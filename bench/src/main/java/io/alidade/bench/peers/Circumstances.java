package io.alidade.bench.peers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Locale;

/// Says when and on what something was measured.
public final class Circumstances {

  private Circumstances() {}

  /// The day, the processor, its cores and the JVM, separated by commas.
  public static String here() throws IOException {
    String processor =
        Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
            .filter(line -> line.startsWith("model name"))
            .findFirst()
            .map(line -> line.substring(line.indexOf(':') + 1).strip())
            .orElse("unknown processor");
    return String.format(
        Locale.ROOT,
        "%s, %s, %d cores, Java %s",
        LocalDate.now(ZoneId.systemDefault()),
        processor,
        Runtime.getRuntime().availableProcessors(),
        Runtime.version());
  }
}
