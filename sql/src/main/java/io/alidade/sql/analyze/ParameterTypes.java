package io.alidade.sql.analyze;

import io.alidade.model.ColumnType;
import java.util.List;

/// The types of `$1`, `$2`... as declared or inferred.
public record ParameterTypes(List<ColumnType> types) {
  public ParameterTypes {
    types = List.copyOf(types);
  }
}
