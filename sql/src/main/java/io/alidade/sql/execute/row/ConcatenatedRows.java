package io.alidade.sql.execute.row;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// UNION ALL: one input after the other, each opened when its turn comes.
public final class ConcatenatedRows implements RowCursor {
  private final List<RowSource> inputs;
  private int position;
  private @Nullable RowCursor current;

  public ConcatenatedRows(List<RowSource> inputs) {
    this.inputs = List.copyOf(inputs);
  }

  @Override
  public List<@Nullable Object[]> next() {
    while (true) {
      if (current == null) {
        if (position == inputs.size()) {
          return List.of();
        }
        current = inputs.get(position++).open();
      }
      List<@Nullable Object[]> batch = current.next();
      if (!batch.isEmpty()) {
        return batch;
      }
      current.close();
      current = null;
    }
  }

  @Override
  public void close() {
    position = inputs.size();
    if (current != null) {
      current.close();
      current = null;
    }
  }
}
