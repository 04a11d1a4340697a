package io.alidade.server;

import io.alidade.model.DatabaseException;
import io.alidade.storage.CheckReport;
import io.alidade.storage.DatabaseCheck;
import io.alidade.storage.Finding;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `alidade check`: verifies a data directory while no server has it open.
@Command(
    name = "check",
    description =
        "Verifies every file of a data directory that no server has open, and changes nothing. Says"
            + " what is damaged, with file and offset. Ends with status 0 if a server can start on"
            + " it with everything that was acknowledged, 1 if it is damaged, and 2 if it could not"
            + " be checked.")
final class CheckCommand implements Callable<Integer> {
  /// The status when nothing can be said: no such directory, in use, not to be read.
  private static final int NOT_CHECKED = Main.USAGE;

  @Parameters(index = "0", paramLabel = "DIR", description = "the data directory")
  private Path directory;

  @Option(
      names = "--repair",
      description =
          "drop what is left over or can be made anew: files that nothing names, and damaged files"
              + " of indexes, which the server builds again. Rows, tombstones and the log are never"
              + " touched, and nothing is dropped while they are damaged")
  private boolean repairs;

  @Spec private CommandSpec spec;

  @SuppressWarnings("NullAway.Init")
  CheckCommand() {}

  @Override
  public Integer call() {
    Terminal.quietLog();
    try {
      DatabaseCheck.Mode mode = repairs ? DatabaseCheck.Mode.REPAIR : DatabaseCheck.Mode.VERIFY;
      CheckReport report = DatabaseCheck.run(directory, mode);
      print(report, spec.commandLine().getOut());
      return report.isSound() ? 0 : Main.FAILURE;
    } catch (DatabaseException e) {
      return notChecked(e.message());
    } catch (IOException e) {
      return notChecked(e.toString());
    }
  }

  private int notChecked(String why) {
    spec.commandLine().getErr().println("alidade: not checked: " + why);
    return NOT_CHECKED;
  }

  private static void print(CheckReport report, PrintWriter out) {
    for (Finding finding : report.findings()) {
      Path file = report.directory().relativize(finding.file());
      out.println(
          "%s: %s at offset %d: %s"
              .formatted(kind(finding), file, finding.offset(), finding.problem()));
    }
    CheckReport.Contents contents = report.contents();
    out.println(
        "tables %d, segments %d, rows %d, checkpoint LSN %d, commits in the log since %d"
            .formatted(
                contents.tables(),
                contents.segments(),
                contents.rows(),
                contents.checkpointLsn(),
                contents.commits()));
    out.println(report.directory() + ": " + verdict(report));
    out.flush();
  }

  private static String kind(Finding finding) {
    return switch (finding) {
      case Finding.Damage _ -> "damaged";
      case Finding.DamagedIndex _ -> "damaged index";
      case Finding.LeftOver _ -> "left over";
      case Finding.TornLog _ -> "torn log, harmless";
    };
  }

  private static String verdict(CheckReport report) {
    return switch (report.repair()) {
      case REFUSED ->
          "damaged; nothing was repaired, for what is damaged is nowhere else: copy the directory,"
              + " then restore a backup";
      case DONE ->
          report.hasDamagedIndexes()
              ? "repaired; the server builds the indexes that were dropped"
              : "sound";
      case NOT_ASKED_FOR -> verdictBeforeRepair(report);
    };
  }

  private static String verdictBeforeRepair(CheckReport report) {
    if (report.isDamaged()) {
      return "damaged";
    }
    return report.hasDamagedIndexes()
        ? "damaged, but no data is: --repair drops the indexes' files, and the server builds them"
            + " again"
        : "sound";
  }
}
