package io.alidade.sql.parse;

import io.alidade.model.DatabaseException;
import io.alidade.model.SqlState;
import io.alidade.sql.parse.TableDefinition.ConstraintAttributes;
import io.alidade.sql.parse.TableDefinition.Deferrability;
import org.jspecify.annotations.Nullable;

/// Reads what follows a constraint: when it is checked, `NOT VALID`, `NO INHERIT`.
final class ConstraintAttributesParser {

  private final Tokens tokens;

  ConstraintAttributesParser(Tokens tokens) {
    this.tokens = tokens;
  }

  /// After a constraint of a column, where NOT VALID cannot stand.
  ///
  /// @param kind as `CHECK`
  ConstraintAttributes ofColumn(String kind) {
    if (kind.equals("CHECK")) {
      boolean noInherit = tokens.acceptWords("no", "inherit");
      if (tokens.at("deferrable")) {
        throw tokens.error(SqlState.SYNTAX_ERROR, "misplaced DEFERRABLE clause", tokens.current());
      }
      return new ConstraintAttributes(Deferrability.NOT_DEFERRABLE, false, noInherit);
    }
    return new ConstraintAttributes(deferrability(kind), false, false);
  }

  /// After a constraint of a whole table.
  ConstraintAttributes ofTable(String kind) {
    Deferrability deferrability = Deferrability.NOT_DEFERRABLE;
    boolean notValid = false;
    boolean noInherit = false;
    while (true) {
      if (tokens.acceptWords("not", "valid")) {
        if (!kind.equals("CHECK") && !kind.equals("FOREIGN KEY")) {
          throw cannotBe(kind, "NOT VALID");
        }
        notValid = true;
      } else if (tokens.acceptWords("no", "inherit")) {
        if (!kind.equals("CHECK")) {
          throw cannotBe(kind, "NO INHERIT");
        }
        noInherit = true;
      } else if (atDeferrability()) {
        deferrability = deferrability(kind);
      } else {
        return new ConstraintAttributes(deferrability, notValid, noInherit);
      }
    }
  }

  private static DatabaseException cannotBe(String kind, String what) {
    return new DatabaseException(
        SqlState.FEATURE_NOT_SUPPORTED, kind + " constraints cannot be marked " + what);
  }

  private boolean atDeferrability() {
    return tokens.at("deferrable")
        || tokens.atWords("not", "deferrable")
        || tokens.atWords("initially", "deferred")
        || tokens.atWords("initially", "immediate");
  }

  private Deferrability deferrability(String kind) {
    @Nullable Boolean deferrable = null;
    @Nullable Boolean deferred = null;
    while (atDeferrability()) {
      Token at = tokens.current();
      if (tokens.accept("deferrable") || tokens.atWords("not", "deferrable")) {
        if (deferrable != null) {
          throw tokens.error(
              SqlState.SYNTAX_ERROR, "multiple DEFERRABLE/NOT DEFERRABLE clauses not allowed", at);
        }
        deferrable = !tokens.acceptWords("not", "deferrable");
      } else {
        if (deferred != null) {
          throw tokens.error(
              SqlState.SYNTAX_ERROR,
              "multiple INITIALLY IMMEDIATE/DEFERRED clauses not allowed",
              at);
        }
        deferred = tokens.acceptWords("initially", "deferred");
        if (!deferred) {
          tokens.expect("initially", "immediate");
        }
      }
      if (Boolean.FALSE.equals(deferrable) && Boolean.TRUE.equals(deferred)) {
        throw tokens.error(
            SqlState.SYNTAX_ERROR, "constraint declared INITIALLY DEFERRED must be DEFERRABLE", at);
      }
      if (kind.equals("CHECK")
          && (Boolean.TRUE.equals(deferrable) || Boolean.TRUE.equals(deferred))) {
        throw cannotBe(kind, "DEFERRABLE");
      }
    }
    if (Boolean.TRUE.equals(deferred)) {
      return Deferrability.INITIALLY_DEFERRED;
    }
    return Boolean.TRUE.equals(deferrable)
        ? Deferrability.INITIALLY_IMMEDIATE
        : Deferrability.NOT_DEFERRABLE;
  }
}
