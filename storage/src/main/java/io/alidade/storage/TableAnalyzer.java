package io.alidade.storage;

import io.alidade.engine.payload.ColumnReader;
import io.alidade.engine.search.Checkpoint;
import io.alidade.model.ColumnType;
import io.alidade.model.DatabaseException;
import io.alidade.model.SqlState;
import io.alidade.storage.catalog.ColumnDefinition;
import io.alidade.storage.catalog.TableDefinition;
import io.alidade.storage.file.CorruptFileException;
import io.alidade.storage.merge.UpkeepOptions;
import io.alidade.storage.merge.UpkeepProgress;
import io.alidade.storage.segment.MutableSegment;
import io.alidade.storage.segment.SealedSegment;
import io.alidade.storage.segment.Segment;
import io.alidade.storage.statistics.ColumnStatistics;
import io.alidade.storage.statistics.ColumnSummarizer;
import io.alidade.storage.statistics.ColumnSummary;
import io.alidade.storage.statistics.SummaryMerge;
import io.alidade.storage.statistics.TableProfile;
import io.alidade.storage.table.TableActivity;
import io.alidade.storage.table.TableStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Gathers what is known of a table's rows: the summaries that sealed segments have are merged, the
/// rows in memory are read. Thread-safe.
final class TableAnalyzer {
  private static final Logger LOG = LoggerFactory.getLogger(TableAnalyzer.class);

  private final AtomicLong version = new AtomicLong();
  private final UpkeepOptions options;
  private final UpkeepProgress progress;

  TableAnalyzer(UpkeepOptions options, UpkeepProgress progress) {
    this.options = options;
    this.progress = progress;
  }

  /// A number that changes whenever something else is known of some table.
  long version() {
    return version.get();
  }

  /// Has a table analysed in the background if nothing is known of it or much has changed since.
  void analyzeIfChanged(TableStore store, Checkpoint cancel) {
    Optional<TableProfile> known = store.profile();
    boolean hasFiles = store.segments().size() > 1;
    long changes = store.activity().counts().changesSinceAnalyze();
    double enough =
        options.analyzeThreshold()
            + options.analyzeShare() * known.map(TableProfile::rows).orElse(0.0);
    if (changes >= enough || (known.isEmpty() && hasFiles)) {
      try {
        TableProfile unused = analyze(store, Set.of(), TableActivity.By.BACKGROUND, cancel);
      } catch (DatabaseException e) {
        if (e.state() == SqlState.ADMIN_SHUTDOWN) {
          return; // It is done again after the next start.
        }
        LOG.warn("table {} could not be analysed", store.definition().name(), e);
      }
    }
  }

  /// Gathers what is known of a table and keeps it with the table.
  ///
  /// @param only the columns to look at; all if it is empty. What was known of others stays
  TableProfile analyze(
      TableStore store, Set<Integer> only, TableActivity.By by, Checkpoint cancel) {
    long changes = store.activity().changes();
    TableDefinition table = store.definition();
    List<ColumnDefinition> definitions = table.columns();
    Optional<TableProfile> before =
        store.profile().filter(known -> known.definitions().equals(definitions));
    List<Optional<ColumnStatistics>> columns = new ArrayList<>();
    List<Segment> segments = store.holdSegments();
    long rows = 0;
    try (UpkeepProgress.Work work =
        progress.begin(
            store.oid(),
            UpkeepProgress.Kind.ANALYZE,
            segments.size(),
            segments.stream().mapToLong(TableAnalyzer::bytes).sum(),
            definitions.size())) {
      work.enter(UpkeepProgress.Phase.COLUMNS);
      for (Segment segment : segments) {
        rows += segment.liveCount();
      }
      for (int i = 0; i < definitions.size(); i++) {
        cancel.pass();
        int column = i;
        columns.add(
            only.isEmpty() || only.contains(i)
                ? Optional.of(statistics(segments, definitions.get(i).type(), i, cancel))
                : before.flatMap(known -> known.column(column)));
        work.indexDone();
      }
    } catch (CorruptFileException e) {
      throw new DatabaseException(SqlState.DATA_CORRUPTED, String.valueOf(e.getMessage()), e);
    } finally {
      segments.forEach(Segment::release);
    }
    TableProfile profile = new TableProfile(rows, definitions, columns);
    store.profile(profile);
    store.activity().analyzed(by, changes);
    version.incrementAndGet();
    return profile;
  }

  private static long bytes(Segment segment) {
    return switch (segment) {
      case SealedSegment sealed -> sealed.rowFileBytes();
      case MutableSegment mutable -> mutable.memoryBytes();
    };
  }

  private static ColumnStatistics statistics(
      List<Segment> segments, ColumnType type, int column, Checkpoint cancel)
      throws CorruptFileException {
    SummaryMerge merge = new SummaryMerge(type);
    for (Segment segment : segments) {
      switch (segment) {
        case SealedSegment sealed -> {
          Optional<ColumnSummary> summary = sealed.summary(column);
          if (summary.isPresent()) {
            merge.add(summary.get(), sealed.liveCount());
          }
        }
        case MutableSegment mutable -> {
          ColumnSummary summary = summary(mutable, type, column, cancel);
          merge.add(summary, summary.rows());
        }
      }
    }
    return merge.statistics();
  }

  private static ColumnSummary summary(
      MutableSegment segment, ColumnType type, int column, Checkpoint cancel) {
    ColumnSummarizer summarizer = new ColumnSummarizer(type, segment.liveCount());
    ColumnReader values = segment.column(column);
    int size = segment.size();
    for (int ordinal = 0; ordinal < size; ordinal++) {
      if (ordinal % Checkpoint.ROWS_BETWEEN == 0) {
        cancel.pass();
      }
      if (segment.deleted(ordinal) == Segment.NEVER) {
        summarizer.add(values, ordinal, ordinal + 1);
      }
    }
    return summarizer.summary();
  }
}
