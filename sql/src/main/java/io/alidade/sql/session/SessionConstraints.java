package io.alidade.sql.session;

import io.alidade.engine.search.Checkpoint;
import io.alidade.sql.analyze.AnalysisContext;
import io.alidade.sql.analyze.Slots;
import io.alidade.sql.constraint.ConditionCache;
import io.alidade.sql.constraint.ConstraintScope;
import io.alidade.sql.constraint.DeferredChecks;
import io.alidade.sql.execute.ExecutionContext;
import io.alidade.storage.Transaction;
import java.util.List;

/// A session's transaction as constraints see it.
record SessionConstraints(StatementStarter starter, Transaction transaction, ClientSession session)
    implements ConstraintScope {

  @Override
  public AnalysisContext analysis() {
    return new AnalysisContext(
        session.context().reader(transaction.catalog()), List.of(), session.context());
  }

  @Override
  public ExecutionContext execution(Slots slots) {
    return starter.executionIn(transaction, slots, BoundValues.NONE);
  }

  @Override
  public DeferredChecks deferred() {
    return session.transactions().deferred();
  }

  @Override
  public Checkpoint checkpoint() {
    return session.interruption();
  }

  @Override
  public ConditionCache conditions() {
    return session.engine().conditions();
  }
}
