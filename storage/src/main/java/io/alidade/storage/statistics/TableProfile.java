package io.alidade.storage.statistics;

import io.alidade.storage.catalog.ColumnDefinition;
import java.util.List;
import java.util.Optional;

/// What is known of a table's rows since it was last analysed.
///
/// @param rows how many there were, about
/// @param definitions the columns that the table had then
/// @param columns what is known of each; empty for those that were never analysed
public record TableProfile(
    double rows, List<ColumnDefinition> definitions, List<Optional<ColumnStatistics>> columns) {
  public TableProfile {
    definitions = List.copyOf(definitions);
    columns = List.copyOf(columns);
  }

  /// What is known of the column at an index.
  public Optional<ColumnStatistics> column(int index) {
    return index < columns.size() ? columns.get(index) : Optional.empty();
  }
}
