package io.alidade.sql.analyze;

import io.alidade.sql.function.FunctionRegistry;
import io.alidade.sql.type.AlgebraBuilder;
import io.alidade.sql.type.SqlTypeFactory;
import io.alidade.storage.RowLock;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.calcite.plan.RelOptCluster;
import org.apache.calcite.plan.hep.HepPlanner;
import org.apache.calcite.plan.hep.HepProgram;
import org.apache.calcite.rel.core.CorrelationId;
import org.jspecify.annotations.Nullable;

/// What the parts of one statement's analysis share.
final class Analysis {
  /// How often the queries of a WITH are analysed in one statement: each use is an analysis of its
  /// own.
  private static final int MAX_COMMON_TABLE_USES = 1_000;

  final AnalysisContext context;
  final SqlTypeFactory types = new SqlTypeFactory();
  final AlgebraBuilder builder = new AlgebraBuilder(types);
  final RelOptCluster cluster =
      RelOptCluster.create(new HepPlanner(HepProgram.builder().build()), builder);
  final SlotCollector slots;
  final Coercion coercion;
  final FunctionRegistry functions = FunctionRegistry.STANDARD;
  final TypeNames typeNames;

  private final Projections projections = new Projections(this);
  private int commonTableUses;
  private @Nullable RowLock strongestLock;
  private final Set<Integer> lockedTables = new LinkedHashSet<>();

  Analysis(AnalysisContext context) {
    this.context = context;
    this.slots = new SlotCollector(builder, context);
    this.coercion = new Coercion(builder, slots);
    this.typeNames = new TypeNames(context.catalog());
  }

  Projections projections() {
    return projections;
  }

  CorrelationId newCorrelation() {
    return cluster.createCorrel();
  }

  /// What the statement locks of the rows that it finds.
  Optional<AnalyzedQuery.Locks> locks() {
    RowLock strongest = strongestLock;
    return strongest == null
        ? Optional.empty()
        : Optional.of(new AnalyzedQuery.Locks(strongest, List.copyOf(lockedTables)));
  }

  void addLock(int tableOid, RowLock mode) {
    lockedTables.add(tableOid);
    RowLock strongest = strongestLock;
    if (strongest == null || strongest.compareTo(mode) < 0) {
      strongestLock = mode;
    }
  }

  /// Bounds what a chain of WITH queries, each using the one before twice, can ask for.
  void countCommonTableUse(int position) {
    if (++commonTableUses > MAX_COMMON_TABLE_USES) {
      throw Errors.of(
          io.alidade.model.SqlState.STATEMENT_TOO_COMPLEX,
          "WITH queries are used more than " + MAX_COMMON_TABLE_USES + " times",
          position);
    }
  }
}
