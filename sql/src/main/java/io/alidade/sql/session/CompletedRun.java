package io.alidade.sql.session;

import io.alidade.sql.Portal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A statement whose work is done and whose rows, if it has any, are all there: gives them out.
final class CompletedRun implements Run {

  private final List<@Nullable Object[]> rows;
  private final String tag;
  private int given;

  CompletedRun(List<@Nullable Object[]> rows, String tag) {
    this.rows = rows;
    this.tag = tag;
  }

  /// A command without rows.
  static CompletedRun of(String tag) {
    return new CompletedRun(List.of(), tag);
  }

  @Override
  public Portal.Step next(int maxRows) {
    if (given == rows.size()) {
      return new Portal.Step.Complete(tag);
    }
    int end = given + Math.min(rows.size() - given, maxRows);
    List<@Nullable Object[]> part = rows.subList(given, end);
    given = end;
    return new Portal.Step.Rows(part);
  }
}
