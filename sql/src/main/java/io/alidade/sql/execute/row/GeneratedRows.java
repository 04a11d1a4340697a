package io.alidade.sql.execute.row;

import io.alidade.engine.search.Checkpoint;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Gathers the rows of a [RowGenerator] into batches, with a checkpoint before each.
public final class GeneratedRows implements RowCursor {
  private static final int FIRST_BATCH_ROWS = 64;

  private final RowGenerator generator;
  private final Checkpoint checkpoint;
  private final Runnable onClose;
  private final int mostBatchRows;
  private int batchRows;
  private boolean ended;
  private boolean closed;

  /// @param onClose run once, when the cursor is closed
  public GeneratedRows(RowGenerator generator, Checkpoint checkpoint, Runnable onClose) {
    this(generator, checkpoint, onClose, BATCH_ROWS);
  }

  private GeneratedRows(
      RowGenerator generator, Checkpoint checkpoint, Runnable onClose, int mostBatchRows) {
    this.mostBatchRows = mostBatchRows;
    this.batchRows = Math.min(FIRST_BATCH_ROWS, mostBatchRows);
    this.generator = generator;
    this.checkpoint = checkpoint;
    this.onClose = onClose;
  }

  /// Rows so large that a batch is one.
  public static GeneratedRows oneByOne(
      RowGenerator generator, Checkpoint checkpoint, Runnable onClose) {
    return new GeneratedRows(generator, checkpoint, onClose, 1);
  }

  @Override
  public List<@Nullable Object[]> next() {
    if (ended) {
      return List.of();
    }
    checkpoint.pass();
    List<@Nullable Object[]> batch = new ArrayList<>(batchRows);
    while (batch.size() < batchRows) {
      @Nullable Object @Nullable [] row = generator.next();
      if (row == null) {
        ended = true;
        break;
      }
      batch.add(row);
    }
    // Batches start small because many readers want only a few rows.
    batchRows = Math.min(mostBatchRows, batchRows * 4);
    return batch;
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      ended = true;
      onClose.run();
    }
  }
}
