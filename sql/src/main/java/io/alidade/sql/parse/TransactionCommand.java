package io.alidade.sql.parse;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A statement that begins, ends or divides a transaction.
public sealed interface TransactionCommand extends StatementSyntax {

  /// `BEGIN` or `START TRANSACTION`, which differ in their command tag.
  record Begin(BeginForm form, Modes modes) implements TransactionCommand {}

  /// The words {@link Begin} was written with.
  enum BeginForm {
    BEGIN,
    START_TRANSACTION
  }

  /// `COMMIT` or `END`.
  record Commit(Chain chain) implements TransactionCommand {}

  /// `ROLLBACK` or `ABORT`.
  record Rollback(Chain chain) implements TransactionCommand {}

  /// `AND [NO] CHAIN`.
  enum Chain {
    NO_CHAIN,
    CHAIN
  }

  record Savepoint(String name) implements TransactionCommand {}

  record ReleaseSavepoint(String name) implements TransactionCommand {}

  /// `ROLLBACK TO [SAVEPOINT] name`.
  record RollbackTo(String name) implements TransactionCommand {}

  /// `SET TRANSACTION modes`, for the current transaction, or `SET SESSION CHARACTERISTICS AS
  /// TRANSACTION modes`, for those to come.
  record SetModes(ModesScope scope, Modes modes) implements TransactionCommand {}

  /// `SET CONSTRAINTS names | ALL DEFERRED | IMMEDIATE`.
  ///
  /// @param names empty for ALL
  record SetConstraints(List<QualifiedName> names, ConstraintTiming timing)
      implements TransactionCommand {}

  /// When constraints are checked from now on.
  enum ConstraintTiming {
    IMMEDIATE,
    DEFERRED
  }

  /// What {@link SetModes} sets.
  enum ModesScope {
    TRANSACTION,
    SESSION
  }

  /// The modes of a transaction; null where nothing was written.
  record Modes(
      @Nullable Isolation isolation, @Nullable Access access, @Nullable Deferral deferral) {
    /// Nothing written.
    static final Modes NONE = new Modes(null, null, null);
  }

  /// Isolation levels.
  enum Isolation {
    READ_UNCOMMITTED,
    READ_COMMITTED,
    REPEATABLE_READ,
    SERIALIZABLE
  }

  /// Access modes.
  enum Access {
    READ_WRITE,
    READ_ONLY
  }

  /// `[NOT] DEFERRABLE`.
  enum Deferral {
    NOT_DEFERRABLE,
    DEFERRABLE
  }
}
