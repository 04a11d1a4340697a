package io.alidade.sql.session;

import io.alidade.sql.Portal;
import io.alidade.sql.execute.row.RowCursor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A query that runs: pulls rows from its plan as they are asked for.
final class QueryRun implements Run {

  private final RowCursor cursor;
  private List<@Nullable Object[]> batch = List.of();
  private int given;
  private long total;

  QueryRun(RowCursor cursor) {
    this.cursor = cursor;
  }

  @Override
  public Portal.Step next(int maxRows) {
    if (given == batch.size()) {
      batch = cursor.next();
      given = 0;
    }
    if (batch.isEmpty()) {
      return new Portal.Step.Complete("SELECT " + total);
    }
    int end = given + Math.min(batch.size() - given, maxRows);
    List<@Nullable Object[]> part = batch.subList(given, end);
    given = end;
    total += part.size();
    return new Portal.Step.Rows(part);
  }

  @Override
  public void close() {
    cursor.close();
  }
}
