package io.alidade.sql.constraint;

import io.alidade.engine.search.Checkpoint;
import io.alidade.sql.analyze.AnalysisContext;
import io.alidade.sql.analyze.Slots;
import io.alidade.sql.execute.ExecutionContext;
import io.alidade.storage.Transaction;

/// What a writer of rows has of its session: the transaction, and what expressions need.
public interface ConstraintScope {

  /// In which a statement has begun.
  Transaction transaction();

  /// For expressions over one row.
  AnalysisContext analysis();

  /// For the running of such an expression; the caller closes it.
  ExecutionContext execution(Slots slots);

  /// What the transaction has put off to its end.
  DeferredChecks deferred();

  /// Passed by long work.
  Checkpoint checkpoint();

  /// Expressions that were analysed before.
  ConditionCache conditions();
}
