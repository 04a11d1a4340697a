package io.alidade.sql;

import io.alidade.model.ColumnType;
import java.util.List;

/// An analysed statement: what it takes and what it gives.
public interface PreparedStatement {

  /// The types of `$1`, `$2`...
  List<ColumnType> parameterTypes();

  /// The columns of its rows; empty when it gives none.
  List<ResultColumn> columns();
}
