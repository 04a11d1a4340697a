package io.alidade.sql.copy;

import io.alidade.model.ColumnType;
import java.time.ZoneId;
import java.util.List;

/// What the rows of a COPY are read into or written from.
///
/// @param relation the table's name, for messages
/// @param names of the columns that are copied
/// @param types of the same columns
/// @param zone the session's, in which times without a zone are read and times are shown
public record CopyTarget(String relation, List<String> names, List<ColumnType> types, ZoneId zone) {
  public CopyTarget {
    names = List.copyOf(names);
    types = List.copyOf(types);
  }
}
