package io.alidade.sql.analyze;

import io.alidade.model.ColumnType;
import java.util.List;
import java.util.Optional;
import org.apache.calcite.rel.RelNode;

/// A part of a query that gives rows, its names resolved; columns may still be of open type.
interface QueryBody {
  List<BodyColumn> columns();

  /// The rows.
  ///
  /// @param openTypes what columns of open type become
  RelNode build(List<ColumnType> openTypes);

  /// A column.
  ///
  /// @param type empty while it is open
  record BodyColumn(
      String name, Optional<ColumnType> type, int position, int tableOid, short attributeNumber) {}

  /// The types of its columns, `text` where they are open.
  default List<ColumnType> types() {
    return columns().stream().map(column -> column.type().orElse(ColumnType.TEXT)).toList();
  }
}
