package io.alidade.storage.statistics;

import io.alidade.engine.payload.ValueBounds;
import io.alidade.engine.payload.ValueBounds.Nulls;
import java.util.List;
import java.util.Optional;

/// What is known of one column of one segment.
///
/// Counts and extremes are of all row versions, dead ones among them; the distribution is of a
/// sample. Values are canonical values of the column's type.
///
/// @param rows how many row versions there are
/// @param nulls how many of their values are NULL
/// @param bytes what the others take together, as PostgreSQL would store them
/// @param extremes the least and the greatest value; empty if all are NULL or the type's values are
///   not looked at
/// @param distinct of the values that are not NULL
/// @param distribution how the values of a sample are distributed
public record ColumnSummary(
    long rows,
    long nulls,
    long bytes,
    Optional<ValueBounds.Extremes> extremes,
    DistinctSketch distinct,
    Distribution distribution) {

  /// How the values of a sample are distributed.
  ///
  /// @param sampled how many rows the sample has, NULLs among them
  /// @param common the most common values, the most common one first
  /// @param bounds of values that are not among these: so many values lie between each and the
  ///   next. Empty if there are fewer than two of them
  /// @param rest how many values of the sample are not among the most common
  public record Distribution(long sampled, List<Common> common, List<Object> bounds, long rest) {
    public Distribution {
      common = List.copyOf(common);
      bounds = List.copyOf(bounds);
    }

    /// Nothing is known.
    public static Distribution unknown(long sampled) {
      return new Distribution(sampled, List.of(), List.of(), 0);
    }
  }

  /// A value and how often the sample has it.
  public record Common(Object value, long count) {}

  /// What of it tells which rows cannot match a filter; empty if nothing does.
  public Optional<ValueBounds> bounds() {
    Nulls which = nulls == 0 ? Nulls.NONE : nulls == rows ? Nulls.ALL : Nulls.SOME;
    return extremes.isPresent() || which == Nulls.ALL
        ? Optional.of(new ValueBounds(extremes, which))
        : Optional.empty();
  }
}
