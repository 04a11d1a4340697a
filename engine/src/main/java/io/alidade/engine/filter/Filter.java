package io.alidade.engine.filter;

import java.util.List;
import java.util.Set;

/// A predicate over one table's columns, in SQL's three-valued logic: a row matches if the
/// predicate is true; unknown is not enough.
///
/// Columns are named by their index in the table; values are canonical values of the column's type
/// (see `io.alidade.model`) and never null.
public sealed interface Filter {
  /// Every row.
  Filter ALL = new Constant(Truth.TRUE);

  /// The same for every row. `x IN (1, NULL)` is `Or(In(x, [1]), Constant(UNKNOWN))`.
  record Constant(Truth truth) implements Filter {}

  /// The column against a value; unknown where the column is NULL.
  record Compare(int column, Comparison comparison, Object value) implements Filter {}

  /// Whether the column equals one of the values; unknown where the column is NULL.
  record In(int column, List<Object> values) implements Filter {
    public In {
      values = List.copyOf(values);
    }
  }

  /// `column IS NULL`.
  record IsNull(int column) implements Filter {}

  /// `column IS NOT NULL`.
  record IsNotNull(int column) implements Filter {}

  /// All of them; true if there are none.
  record And(List<Filter> operands) implements Filter {
    public And {
      operands = List.copyOf(operands);
    }
  }

  /// Any of them; false if there are none.
  record Or(List<Filter> operands) implements Filter {
    public Or {
      operands = List.copyOf(operands);
    }
  }

  /// SQL's NOT: the rows of which the operand is false, not those where it is unknown.
  record Not(Filter operand) implements Filter {}

  /// A predicate that the tree cannot say, over these columns.
  record Computed(Set<Integer> columns, RowTest test) implements Filter {
    public Computed {
      columns = Set.copyOf(columns);
    }
  }

  /// The operators of [Compare].
  enum Comparison {
    EQUAL,
    NOT_EQUAL,
    LESS,
    LESS_OR_EQUAL,
    GREATER,
    GREATER_OR_EQUAL
  }
}
