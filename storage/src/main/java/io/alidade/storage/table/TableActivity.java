package io.alidade.storage.table;

import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;

/// What was done to a table since the database was opened: rows written, upkeep done.
///
/// What transactions wrote counts when it is written, also if they roll back later, as in
/// PostgreSQL. Thread-safe; the counts are of about one moment.
public final class TableActivity {
  private final LongAdder inserted = new LongAdder();
  private final LongAdder updated = new LongAdder();
  private final LongAdder deleted = new LongAdder();
  private volatile Upkeep vacuum = Upkeep.NEVER;
  private volatile Upkeep autovacuum = Upkeep.NEVER;
  private volatile Upkeep analyze = Upkeep.NEVER;
  private volatile Upkeep autoanalyze = Upkeep.NEVER;
  private volatile long changesAnalyzed;

  /// How often something was done, and when last.
  public record Upkeep(long count, Optional<Instant> last) {
    static final Upkeep NEVER = new Upkeep(0, Optional.empty());

    Upkeep andNow() {
      return new Upkeep(count + 1, Optional.of(Instant.now()));
    }
  }

  /// Who had it done.
  public enum By {
    STATEMENT,
    BACKGROUND
  }

  /// All of it at about one moment.
  ///
  /// @param changesSinceAnalyze rows inserted, updated and deleted since it was last analysed
  public record Counts(
      long inserted,
      long updated,
      long deleted,
      long changesSinceAnalyze,
      Upkeep vacuum,
      Upkeep autovacuum,
      Upkeep analyze,
      Upkeep autoanalyze) {}

  public void inserted() {
    inserted.increment();
  }

  public void updated() {
    updated.increment();
  }

  public void deleted() {
    deleted.increment();
  }

  /// Versions that nobody sees were left out.
  public synchronized void vacuumed(By by) {
    switch (by) {
      case STATEMENT -> vacuum = vacuum.andNow();
      case BACKGROUND -> autovacuum = autovacuum.andNow();
    }
  }

  /// Statistics were gathered.
  ///
  /// @param changes what [#changes] said when that began
  public synchronized void analyzed(By by, long changes) {
    switch (by) {
      case STATEMENT -> analyze = analyze.andNow();
      case BACKGROUND -> autoanalyze = autoanalyze.andNow();
    }
    changesAnalyzed = changes;
  }

  /// How many rows were inserted, updated and deleted.
  public long changes() {
    return inserted.sum() + updated.sum() + deleted.sum();
  }

  public Counts counts() {
    return new Counts(
        inserted.sum(),
        updated.sum(),
        deleted.sum(),
        Math.max(0, changes() - changesAnalyzed),
        vacuum,
        autovacuum,
        analyze,
        autoanalyze);
  }

  /// Goes on counting from where another stands: of the table's contents before TRUNCATE.
  void continueFrom(TableActivity before) {
    inserted.add(before.inserted.sum());
    updated.add(before.updated.sum());
    deleted.add(before.deleted.sum());
    vacuum = before.vacuum;
    autovacuum = before.autovacuum;
    analyze = before.analyze;
    autoanalyze = before.autoanalyze;
    changesAnalyzed = before.changesAnalyzed;
  }
}
