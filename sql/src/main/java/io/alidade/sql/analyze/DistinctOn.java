package io.alidade.sql.analyze;

import io.alidade.sql.function.AggregateOperator;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.calcite.rel.RelCollations;
import org.apache.calcite.rel.RelFieldCollation;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.AggregateCall;
import org.apache.calcite.rel.logical.LogicalAggregate;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.util.ImmutableBitSet;

/// Keeps the first row, in an order, of all that agree in some columns: `DISTINCT ON`.
final class DistinctOn {
  private final Analysis analysis;

  DistinctOn(Analysis analysis) {
    this.analysis = analysis;
  }

  RelNode apply(RelNode rel, List<Integer> on, List<RelFieldCollation> order) {
    ImmutableBitSet keys = ImmutableBitSet.of(on);
    AggregateOperator first = analysis.functions.aggregates("$first").getFirst();
    List<AggregateCall> calls = new ArrayList<>();
    int[] places = new int[rel.getRowType().getFieldCount()];
    int key = 0;
    for (int i = 0; i < places.length; i++) {
      if (keys.get(i)) {
        places[i] = key++;
        continue;
      }
      places[i] = keys.cardinality() + calls.size();
      calls.add(
          AggregateCall.create(
              first,
              false,
              false,
              false,
              List.of(),
              List.of(i),
              -1,
              null,
              RelCollations.of(order),
              analysis.types.createTypeWithNullability(
                  rel.getRowType().getFieldList().get(i).getType(), true),
              "$f" + i));
    }
    RelNode grouped = LogicalAggregate.create(rel, List.of(), keys, null, calls);
    List<RexNode> restored = new ArrayList<>();
    for (int place : places) {
      restored.add(analysis.builder.makeInputRef(grouped, place));
    }
    return analysis
        .projections()
        .project(grouped, restored, rel.getRowType().getFieldNames(), Set.of());
  }
}
