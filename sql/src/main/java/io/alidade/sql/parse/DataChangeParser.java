package io.alidade.sql.parse;

import io.alidade.sql.parse.DataChange.Assignment;
import io.alidade.sql.parse.DataChange.ConflictAction;
import io.alidade.sql.parse.DataChange.ConflictTarget;
import io.alidade.sql.parse.DataChange.OnConflict;
import io.alidade.sql.parse.DataChange.Overriding;
import io.alidade.sql.parse.DataChange.Source;
import io.alidade.sql.parse.DataChange.Target;
import io.alidade.sql.parse.Query.SelectItem;
import io.alidade.sql.parse.Query.With;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads INSERT, UPDATE and DELETE.
final class DataChangeParser {

  private final Grammar grammar;
  private final Tokens tokens;

  DataChangeParser(Grammar grammar) {
    this.grammar = grammar;
    this.tokens = grammar.tokens;
  }

  DataChange insert(@Nullable With with) {
    int position = tokens.position();
    tokens.expect("insert", "into");
    QualifiedName table = grammar.names.qualified();
    String alias = tokens.accept("as") ? grammar.names.column() : null;
    if (tokens.accept("default")) {
      tokens.expect("values");
      return new DataChange.Insert(
          with,
          table,
          alias,
          List.of(),
          Overriding.NONE,
          new Source.Defaults(),
          onConflict(),
          returning(),
          position);
    }
    List<Target> columns =
        tokens.atSymbol("(") && !atQueryInParentheses() ? targetsInParentheses() : List.of();
    Overriding overriding = overriding();
    Source source = new Source.Rows(grammar.queries.query());
    return new DataChange.Insert(
        with, table, alias, columns, overriding, source, onConflict(), returning(), position);
  }

  private boolean atQueryInParentheses() {
    Token inner = tokens.peek(1);
    return inner.isSymbol("(")
        || inner.isWord("select")
        || inner.isWord("with")
        || inner.isWord("table")
        || (inner.isWord("values") && tokens.peek(2).isSymbol("("));
  }

  private Overriding overriding() {
    if (!tokens.accept("overriding")) {
      return Overriding.NONE;
    }
    String kind = tokens.acceptAny("user", "system");
    if (kind == null) {
      throw tokens.syntaxError();
    }
    tokens.expect("value");
    return kind.equals("user") ? Overriding.USER_VALUE : Overriding.SYSTEM_VALUE;
  }

  private List<Target> targetsInParentheses() {
    tokens.expectSymbol("(");
    List<Target> targets = new ArrayList<>();
    do {
      targets.add(target());
    } while (tokens.acceptSymbol(","));
    tokens.expectSymbol(")");
    return targets;
  }

  private Target target() {
    int position = tokens.position();
    String column = grammar.names.column();
    List<String> fields = new ArrayList<>();
    while (tokens.acceptSymbol(".")) {
      fields.add(grammar.names.label());
    }
    return new Target(column, fields, grammar.primaries.subscripts(), position);
  }

  private @Nullable OnConflict onConflict() {
    int position = tokens.position();
    if (!tokens.accept("on")) {
      return null;
    }
    tokens.expect("conflict");
    ConflictTarget target = conflictTarget();
    tokens.expect("do");
    if (tokens.accept("nothing")) {
      return new OnConflict(target, new ConflictAction.DoNothing(), position);
    }
    tokens.expect("update", "set");
    List<Assignment> assignments = assignments();
    ConflictAction action = new ConflictAction.DoUpdate(assignments, grammar.queries.where());
    return new OnConflict(target, action, position);
  }

  private @Nullable ConflictTarget conflictTarget() {
    if (tokens.acceptWords("on", "constraint")) {
      int position = tokens.position();
      return new ConflictTarget.Constraint(grammar.names.column(), position);
    }
    if (!tokens.atSymbol("(")) {
      return null;
    }
    List<TableDefinition.IndexElement> elements = grammar.statements.indexElements();
    return new ConflictTarget.Index(elements, grammar.queries.where());
  }

  private List<SelectItem> returning() {
    return tokens.accept("returning") ? grammar.queries.selectItems() : List.of();
  }

  DataChange update(@Nullable With with) {
    int position = tokens.position();
    tokens.expect("update");
    FromItem.Table table = grammar.from.relation();
    String alias = tokens.at("set") ? null : alias();
    tokens.expect("set");
    List<Assignment> assignments = assignments();
    List<FromItem> from = tokens.accept("from") ? grammar.from.list() : List.of();
    Expression where = whereOrCursor();
    return new DataChange.Update(
        with, table.name(), alias, assignments, from, where, returning(), position);
  }

  DataChange delete(@Nullable With with) {
    int position = tokens.position();
    tokens.expect("delete", "from");
    FromItem.Table table = grammar.from.relation();
    String alias = alias();
    List<FromItem> using = tokens.accept("using") ? grammar.from.list() : List.of();
    Expression where = whereOrCursor();
    return new DataChange.Delete(with, table.name(), alias, using, where, returning(), position);
  }

  private @Nullable String alias() {
    boolean written = tokens.accept("as") || tokens.current().isColumnName();
    return written ? grammar.names.column() : null;
  }

  private @Nullable Expression whereOrCursor() {
    if (tokens.atWords("where", "current") && tokens.peek(2).isWord("of")) {
      throw tokens.unsupported("WHERE CURRENT OF", tokens.current());
    }
    return grammar.queries.where();
  }

  private List<Assignment> assignments() {
    List<Assignment> assignments = new ArrayList<>();
    do {
      assignments.add(assignment());
    } while (tokens.acceptSymbol(","));
    return assignments;
  }

  private Assignment assignment() {
    int position = tokens.position();
    if (!tokens.atSymbol("(")) {
      Target target = target();
      tokens.expectOperator("=");
      return new Assignment.Single(target, grammar.expressions.expression());
    }
    List<Target> targets = targetsInParentheses();
    tokens.expectOperator("=");
    return new Assignment.Multiple(targets, grammar.expressions.expression(), position);
  }
}
