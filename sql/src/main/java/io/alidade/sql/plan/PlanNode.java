package io.alidade.sql.plan;

import io.alidade.engine.payload.OrderedIndex;
import io.alidade.engine.search.DistanceBound;
import io.alidade.engine.vector.Distance;
import io.alidade.model.ColumnType;
import io.alidade.sql.analyze.LockedRows;
import io.alidade.sql.catalog.SystemRelation;
import io.alidade.sql.execute.row.JoinKind;
import io.alidade.sql.execute.row.MatchedRows;
import io.alidade.storage.catalog.IndexDefinition;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.calcite.rel.RelFieldCollation;
import org.apache.calcite.rel.core.AggregateCall;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexNode;

/// An operator of a physical plan with its inputs.
///
/// The expressions in a node refer to the columns of its input, those of a join to the columns of
/// the left input followed by those of the right one, those of a scan to the columns of its table.
public sealed interface PlanNode {

  /// The names of the columns of its rows.
  List<String> columns();

  /// What it reads from.
  default List<PlanNode> inputs() {
    return List.of();
  }

  /// How wide its rows are.
  default int width() {
    return columns().size();
  }

  /// Rows of expressions that refer to no columns.
  record Values(List<List<RexNode>> rows, List<String> columns) implements PlanNode {}

  /// All rows of a table that match a filter.
  record TableScan(ScannedTable table, Optional<RexNode> filter) implements PlanNode {
    @Override
    public List<String> columns() {
      return table.columns();
    }
  }

  /// The rows of a table that match a filter of which an ordered index can list a part.
  ///
  /// @param index the index
  /// @param condition the part that the index answers
  /// @param key one expression a column of a unique index if the condition fixes them all, else
  ///   empty
  /// @param filter everything else
  record IndexScan(
      ScannedTable table,
      IndexDefinition index,
      RexNode condition,
      List<RexNode> key,
      Optional<RexNode> filter)
      implements PlanNode {
    @Override
    public List<String> columns() {
      return table.columns();
    }
  }

  /// The rows of a table that match a filter, in the order of an index.
  record OrderedScan(
      ScannedTable table,
      IndexDefinition index,
      OrderedIndex.Direction direction,
      Optional<RexNode> filter)
      implements PlanNode {
    @Override
    public List<String> columns() {
      return table.columns();
    }
  }

  /// The rows of a table nearest to a vector, nearest first; the distance is the last column.
  ///
  /// @param vectorColumn the vector column's index in the table
  /// @param query the vector; refers to no columns
  /// @param limit how many rows, or an expression that is NULL for all
  /// @param offset how many of the nearest are left out
  /// @param bound how far a row may be
  /// @param filter which rows count at all
  /// @param index the index that may serve it
  record VectorScan(
      ScannedTable table,
      int vectorColumn,
      Distance distance,
      RexNode query,
      RexNode limit,
      Optional<RexNode> offset,
      Optional<Bound> bound,
      Optional<RexNode> filter,
      Optional<IndexDefinition> index)
      implements PlanNode {

    /// How far a row may be; the expression refers to no columns.
    public record Bound(RexNode distance, DistanceBound.Inclusion inclusion) {}

    @Override
    public List<String> columns() {
      List<String> columns = new ArrayList<>(table.columns());
      columns.add("distance");
      return columns;
    }
  }

  /// The rows of a relation that the server computes, such as those of `pg_catalog`.
  record SystemScan(SystemRelation relation, List<String> columns) implements PlanNode {}

  /// The rows that a function gives.
  record FunctionScan(RexCall call, List<String> columns) implements PlanNode {}

  /// The input's rows for which a condition is true.
  record Filter(PlanNode input, RexNode condition) implements PlanNode {
    @Override
    public List<PlanNode> inputs() {
      return List.of(input);
    }

    @Override
    public List<String> columns() {
      return input.columns();
    }
  }

  /// Rows computed from the input's rows.
  record Project(PlanNode input, List<RexNode> expressions, List<String> columns)
      implements PlanNode {
    @Override
    public List<PlanNode> inputs() {
      return List.of(input);
    }
  }

  /// A join that looks the left rows up in a hash table of the right ones.
  ///
  /// @param keys the pairs of expressions that must be equal
  /// @param condition what must hold besides
  record HashJoin(
      PlanNode left, PlanNode right, JoinKind kind, List<KeyPair> keys, Optional<RexNode> condition)
      implements PlanNode {

    /// Expressions that must be equal.
    ///
    /// @param left over the left row
    /// @param right over the right row
    public record KeyPair(RexNode left, RexNode right, Nulls nulls) {}

    /// Whether NULL equals NULL.
    public enum Nulls {
      NEVER_MATCH,
      MATCH
    }

    @Override
    public List<PlanNode> inputs() {
      return List.of(left, right);
    }

    @Override
    public List<String> columns() {
      return joined(left, right, kind);
    }
  }

  /// A join that compares each left row with each right one.
  record NestedLoopJoin(PlanNode left, PlanNode right, JoinKind kind, Optional<RexNode> condition)
      implements PlanNode {
    @Override
    public List<PlanNode> inputs() {
      return List.of(left, right);
    }

    @Override
    public List<String> columns() {
      return joined(left, right, kind);
    }
  }

  /// A join whose right side is run anew for each left row.
  ///
  /// @param correlation where the right side finds the left row
  record DependentJoin(
      PlanNode left, PlanNode right, JoinKind kind, int correlation, Optional<RexNode> condition)
      implements PlanNode {
    @Override
    public List<PlanNode> inputs() {
      return List.of(left, right);
    }

    @Override
    public List<String> columns() {
      return joined(left, right, kind);
    }
  }

  /// A row a group: the grouping columns, then the aggregates.
  ///
  /// @param inputTypes the types of the input's columns
  record Aggregate(
      PlanNode input,
      List<ColumnType> inputTypes,
      List<Integer> groups,
      List<AggregateCall> calls,
      List<String> columns)
      implements PlanNode {
    @Override
    public List<PlanNode> inputs() {
      return List.of(input);
    }
  }

  /// The input's rows in an order.
  ///
  /// @param limit how many of the first rows are wanted at most, OFFSET included
  record Sort(PlanNode input, List<SortKey> keys, Optional<Range> limit) implements PlanNode {

    /// A column to order by.
    public record SortKey(RelFieldCollation collation, ColumnType type) {}

    @Override
    public List<PlanNode> inputs() {
      return List.of(input);
    }

    @Override
    public List<String> columns() {
      return input.columns();
    }
  }

  /// LIMIT and OFFSET.
  record Limit(PlanNode input, Range range) implements PlanNode {
    @Override
    public List<PlanNode> inputs() {
      return List.of(input);
    }

    @Override
    public List<String> columns() {
      return input.columns();
    }
  }

  /// The input's rows, with the rows of tables that they were made of locked.
  ///
  /// @param limit how many are wanted at most, OFFSET included; no more are locked
  record LockRows(PlanNode input, List<LockedRows.Mark> marks, Optional<Range> limit)
      implements PlanNode {
    @Override
    public List<PlanNode> inputs() {
      return List.of(input);
    }

    @Override
    public List<String> columns() {
      return input.columns();
    }
  }

  /// Which rows of an order are wanted; the expressions refer to no columns, and one that is NULL
  /// is as if it were not there.
  record Range(Optional<RexNode> offset, Optional<RexNode> limit) {}

  /// The rows of one input after those of the other.
  record Append(List<PlanNode> inputs, List<String> columns) implements PlanNode {}

  /// INTERSECT or EXCEPT.
  record SetOperation(PlanNode left, PlanNode right, MatchedRows.Operation operation)
      implements PlanNode {
    @Override
    public List<PlanNode> inputs() {
      return List.of(left, right);
    }

    @Override
    public List<String> columns() {
      return left.columns();
    }
  }

  /// Each different row once.
  record Distinct(PlanNode input) implements PlanNode {
    @Override
    public List<PlanNode> inputs() {
      return List.of(input);
    }

    @Override
    public List<String> columns() {
      return input.columns();
    }
  }

  private static List<String> joined(PlanNode left, PlanNode right, JoinKind kind) {
    if (!kind.givesRight()) {
      return left.columns();
    }
    List<String> columns = new ArrayList<>(left.columns());
    columns.addAll(right.columns());
    return columns;
  }
}
