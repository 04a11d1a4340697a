package io.alidade.sql.parse;

import io.alidade.sql.parse.TransactionCommand.Access;
import io.alidade.sql.parse.TransactionCommand.BeginForm;
import io.alidade.sql.parse.TransactionCommand.Chain;
import io.alidade.sql.parse.TransactionCommand.ConstraintTiming;
import io.alidade.sql.parse.TransactionCommand.Deferral;
import io.alidade.sql.parse.TransactionCommand.Isolation;
import io.alidade.sql.parse.TransactionCommand.Modes;
import io.alidade.sql.parse.TransactionCommand.ModesScope;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads the statements that begin, end and divide transactions.
final class TransactionParser {

  private final Grammar grammar;
  private final Tokens tokens;

  TransactionParser(Grammar grammar) {
    this.grammar = grammar;
    this.tokens = grammar.tokens;
  }

  StatementSyntax begin() {
    tokens.expect("begin");
    skipNoise();
    return new TransactionCommand.Begin(BeginForm.BEGIN, modes());
  }

  StatementSyntax start() {
    tokens.expect("start", "transaction");
    return new TransactionCommand.Begin(BeginForm.START_TRANSACTION, modes());
  }

  StatementSyntax commit() {
    boolean commit = tokens.advance().isWord("commit");
    if (commit && tokens.accept("prepared")) {
      tokens.skipToEnd();
      return new Unsupported("COMMIT PREPARED");
    }
    skipNoise();
    return new TransactionCommand.Commit(chain());
  }

  StatementSyntax rollback() {
    boolean rollback = tokens.advance().isWord("rollback");
    if (rollback && tokens.accept("prepared")) {
      tokens.skipToEnd();
      return new Unsupported("ROLLBACK PREPARED");
    }
    skipNoise();
    if (rollback && tokens.accept("to")) {
      return new TransactionCommand.RollbackTo(savepointName());
    }
    return new TransactionCommand.Rollback(chain());
  }

  StatementSyntax savepoint() {
    tokens.expect("savepoint");
    return new TransactionCommand.Savepoint(grammar.names.column());
  }

  StatementSyntax release() {
    tokens.expect("release");
    return new TransactionCommand.ReleaseSavepoint(savepointName());
  }

  private String savepointName() {
    if (tokens.at("savepoint") && !tokens.peek(1).endsStatement()) {
      tokens.advance();
    }
    return grammar.names.column();
  }

  private void skipNoise() {
    tokens.acceptAny("work", "transaction");
  }

  private Chain chain() {
    if (!tokens.accept("and")) {
      return Chain.NO_CHAIN;
    }
    boolean no = tokens.accept("no");
    tokens.expect("chain");
    return no ? Chain.NO_CHAIN : Chain.CHAIN;
  }

  /// After `SET CONSTRAINTS`.
  StatementSyntax setConstraints() {
    List<QualifiedName> names = new ArrayList<>();
    if (!tokens.accept("all")) {
      do {
        names.add(grammar.names.qualified());
      } while (tokens.acceptSymbol(","));
    }
    boolean deferred = tokens.accept("deferred");
    if (!deferred) {
      tokens.expect("immediate");
    }
    return new TransactionCommand.SetConstraints(
        names, deferred ? ConstraintTiming.DEFERRED : ConstraintTiming.IMMEDIATE);
  }

  StatementSyntax setModes(ModesScope scope) {
    if (tokens.atEnd()) {
      throw tokens.syntaxError();
    }
    return new TransactionCommand.SetModes(scope, modes());
  }

  private Modes modes() {
    Isolation isolation = null;
    Access access = null;
    Deferral deferral = null;
    boolean comma = false;
    while (comma || !tokens.atEnd()) {
      if (tokens.accept("isolation")) {
        tokens.expect("level");
        isolation = isolation();
      } else if (tokens.accept("read")) {
        access = access();
      } else if (tokens.accept("deferrable")) {
        deferral = Deferral.DEFERRABLE;
      } else {
        tokens.expect("not", "deferrable");
        deferral = Deferral.NOT_DEFERRABLE;
      }
      comma = tokens.acceptSymbol(",");
    }
    return new Modes(isolation, access, deferral);
  }

  private Isolation isolation() {
    if (tokens.accept("serializable")) {
      return Isolation.SERIALIZABLE;
    }
    if (tokens.accept("repeatable")) {
      tokens.expect("read");
      return Isolation.REPEATABLE_READ;
    }
    tokens.expect("read");
    if (tokens.accept("uncommitted")) {
      return Isolation.READ_UNCOMMITTED;
    }
    tokens.expect("committed");
    return Isolation.READ_COMMITTED;
  }

  private @Nullable Access access() {
    if (tokens.accept("only")) {
      return Access.READ_ONLY;
    }
    tokens.expect("write");
    return Access.READ_WRITE;
  }
}
