package io.alidade.sql.parse;

import io.alidade.model.SqlState;
import io.alidade.sql.parse.TableDefinition.Column;
import io.alidade.sql.parse.TableDefinition.ColumnConstraint;
import io.alidade.sql.parse.TableDefinition.ForeignTable;
import io.alidade.sql.parse.TableDefinition.IdentityKind;
import io.alidade.sql.parse.TableDefinition.MatchKind;
import io.alidade.sql.parse.TableDefinition.NullsEqual;
import io.alidade.sql.parse.TableDefinition.OnCommit;
import io.alidade.sql.parse.TableDefinition.Persistence;
import io.alidade.sql.parse.TableDefinition.Predicate;
import io.alidade.sql.parse.TableDefinition.ReferentialAction;
import io.alidade.sql.parse.TableDefinition.StorageOption;
import io.alidade.sql.parse.TableDefinition.TableConstraint;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Reads CREATE TABLE from the name on, and the columns and constraints that ALTER TABLE adds.
final class TableParser {

  private final Grammar grammar;
  private final Tokens tokens;
  private final ConstraintAttributesParser attributes;

  TableParser(Grammar grammar) {
    this.grammar = grammar;
    this.tokens = grammar.tokens;
    this.attributes = new ConstraintAttributesParser(grammar.tokens);
  }

  StatementSyntax createTable(Persistence persistence, int position) {
    boolean ifNotExists = grammar.options.ifNotExists();
    QualifiedName name = grammar.names.qualified();
    if (tokens.at("of") || tokens.at("partition")) {
      throw tokens.unsupported("CREATE TABLE ... " + upper(tokens.current()), tokens.current());
    }
    if (!tokens.atSymbol("(") || atColumnNamesOnly()) {
      return createTableAs();
    }
    List<Column> columns = new ArrayList<>();
    List<TableConstraint> constraints = new ArrayList<>();
    tokens.expectSymbol("(");
    if (!tokens.atSymbol(")")) {
      do {
        element(columns, constraints);
      } while (tokens.acceptSymbol(","));
    }
    tokens.expectSymbol(")");
    if (tokens.at("inherits") || tokens.at("partition")) {
      throw tokens.unsupported("CREATE TABLE ... " + upper(tokens.current()), tokens.current());
    }
    if (tokens.accept("using")) {
      grammar.names.column();
    }
    List<StorageOption> options = grammar.options.optionalStorage();
    if (tokens.accept("without")) {
      tokens.expect("oids");
    }
    OnCommit onCommit = onCommit();
    if (tokens.accept("tablespace")) {
      grammar.names.column();
    }
    return new TableDefinition.CreateTable(
        name, persistence, ifNotExists, columns, constraints, options, onCommit, position);
  }

  private static String upper(Token token) {
    return token.text().toUpperCase(Locale.ROOT);
  }

  /// Whether a list of bare names stands here, as before AS.
  private boolean atColumnNamesOnly() {
    Token afterName = tokens.peek(2);
    return tokens.peek(1).isColumnName() && (afterName.isSymbol(",") || afterName.isSymbol(")"));
  }

  private StatementSyntax createTableAs() {
    if (tokens.atSymbol("(")) {
      grammar.names.columnsInParentheses();
    }
    if (tokens.accept("using")) {
      grammar.names.column();
    }
    grammar.options.optionalStorage();
    onCommit();
    tokens.expect("as");
    tokens.skipToEnd();
    return new Unsupported("CREATE TABLE AS");
  }

  private OnCommit onCommit() {
    if (!tokens.acceptWords("on", "commit")) {
      return OnCommit.PRESERVE_ROWS;
    }
    if (tokens.accept("drop")) {
      return OnCommit.DROP;
    }
    if (tokens.accept("delete")) {
      tokens.expect("rows");
      return OnCommit.DELETE_ROWS;
    }
    tokens.expect("preserve", "rows");
    return OnCommit.PRESERVE_ROWS;
  }

  private void element(List<Column> columns, List<TableConstraint> constraints) {
    if (atTableConstraint()) {
      constraints.add(tableConstraint());
    } else if (tokens.at("like")) {
      throw tokens.unsupported("CREATE TABLE (LIKE ...)", tokens.current());
    } else {
      columns.add(column());
    }
  }

  /// Whether a constraint of the whole table stands here, not a column.
  boolean atTableConstraint() {
    boolean exclude =
        tokens.at("exclude") && (tokens.peek(1).isWord("using") || tokens.peek(1).isSymbol("("));
    return tokens.atAny("constraint", "check", "unique", "primary", "foreign") || exclude;
  }

  /// A column of CREATE TABLE or ADD COLUMN.
  Column column() {
    int position = tokens.position();
    String name = grammar.names.column();
    TypeName type = grammar.types.type();
    if (tokens.accept("compression")) {
      grammar.names.notReserved();
    }
    QualifiedName collation = null;
    List<ColumnConstraint> constraints = new ArrayList<>();
    while (true) {
      if (tokens.accept("collate")) {
        collation = grammar.names.qualified();
        continue;
      }
      ColumnConstraint constraint = columnConstraint();
      if (constraint == null) {
        return new Column(name, type, collation, constraints, position);
      }
      constraints.add(constraint);
    }
  }

  private @Nullable String constraintName() {
    return tokens.accept("constraint") ? grammar.names.column() : null;
  }

  private @Nullable ColumnConstraint columnConstraint() {
    boolean named = tokens.at("constraint");
    String name = constraintName();
    int position = tokens.position();
    if (tokens.at("not") && !tokens.peek(1).isWord("deferrable")) {
      tokens.expect("not", "null");
      return new ColumnConstraint.NotNull(name, position);
    }
    if (tokens.accept("null")) {
      return new ColumnConstraint.Nullability(name, position);
    }
    if (tokens.accept("default")) {
      int start = tokens.index();
      Expression value = grammar.expressions.restricted();
      return new ColumnConstraint.DefaultValue(name, value, tokens.sourceSince(start), position);
    }
    if (tokens.accept("primary")) {
      tokens.expect("key");
      List<StorageOption> options = indexOptions();
      return new ColumnConstraint.PrimaryKey(
          name, options, attributes.ofColumn("PRIMARY KEY"), position);
    }
    if (tokens.accept("unique")) {
      NullsEqual nulls = nullsEqual();
      List<StorageOption> options = indexOptions();
      return new ColumnConstraint.Unique(
          name, nulls, options, attributes.ofColumn("UNIQUE"), position);
    }
    if (tokens.accept("check")) {
      Predicate check = checkCondition();
      return new ColumnConstraint.Check(
          name, check.condition(), check.text(), attributes.ofColumn("CHECK"), position);
    }
    if (tokens.accept("references")) {
      ForeignTable target = foreignTable();
      return new ColumnConstraint.References(
          name, target, attributes.ofColumn("FOREIGN KEY"), position);
    }
    if (tokens.accept("generated")) {
      return generated(name, position);
    }
    if (named) {
      throw tokens.syntaxError();
    }
    return null;
  }

  private ColumnConstraint generated(@Nullable String name, int position) {
    Token when = tokens.current();
    boolean always = tokens.accept("always");
    if (!always) {
      tokens.expect("by", "default");
    }
    tokens.expect("as");
    if (tokens.accept("identity")) {
      IdentityKind kind = always ? IdentityKind.ALWAYS : IdentityKind.BY_DEFAULT;
      return new ColumnConstraint.Identity(name, kind, grammar.options.sequence(), position);
    }
    tokens.expectSymbol("(");
    int start = tokens.index();
    Expression expression = grammar.expressions.expression();
    String text = tokens.sourceSince(start);
    tokens.expectSymbol(")");
    tokens.expect("stored");
    if (!always) {
      throw tokens.error(
          SqlState.SYNTAX_ERROR,
          "for a generated column, GENERATED ALWAYS must be specified",
          when);
    }
    return new ColumnConstraint.Generated(name, expression, text, position);
  }

  /// A constraint of the whole table, with its name if it has one.
  TableConstraint tableConstraint() {
    String name = constraintName();
    int position = tokens.position();
    if (tokens.accept("check")) {
      Predicate check = checkCondition();
      return new TableConstraint.Check(
          name, check.condition(), check.text(), attributes.ofTable("CHECK"), position);
    }
    if (tokens.accept("unique")) {
      NullsEqual nulls = nullsEqual();
      String index = usingIndex();
      List<String> columns = index == null ? grammar.names.columnsInParentheses() : List.of();
      List<StorageOption> options = index == null ? indexOptions() : List.of();
      return new TableConstraint.Unique(
          name, nulls, columns, index, options, attributes.ofTable("UNIQUE"), position);
    }
    if (tokens.accept("primary")) {
      tokens.expect("key");
      String index = usingIndex();
      List<String> columns = index == null ? grammar.names.columnsInParentheses() : List.of();
      List<StorageOption> options = index == null ? indexOptions() : List.of();
      return new TableConstraint.PrimaryKey(
          name, columns, index, options, attributes.ofTable("PRIMARY KEY"), position);
    }
    if (tokens.accept("foreign")) {
      tokens.expect("key");
      List<String> columns = grammar.names.columnsInParentheses();
      tokens.expect("references");
      ForeignTable target = foreignTable();
      return new TableConstraint.ForeignKey(
          name, columns, target, attributes.ofTable("FOREIGN KEY"), position);
    }
    if (tokens.at("exclude")) {
      throw tokens.unsupported("EXCLUDE constraint", tokens.current());
    }
    throw tokens.syntaxError();
  }

  private @Nullable String usingIndex() {
    return tokens.acceptWords("using", "index") ? grammar.names.column() : null;
  }

  private Predicate checkCondition() {
    tokens.expectSymbol("(");
    int start = tokens.index();
    Expression condition = grammar.expressions.expression();
    String text = tokens.sourceSince(start);
    tokens.expectSymbol(")");
    return new Predicate(condition, text);
  }

  /// `NULLS [NOT] DISTINCT` or nothing.
  NullsEqual nullsEqual() {
    if (tokens.acceptWords("nulls", "not", "distinct")) {
      return NullsEqual.NOT_DISTINCT;
    }
    tokens.acceptWords("nulls", "distinct");
    return NullsEqual.DISTINCT;
  }

  private List<StorageOption> indexOptions() {
    if (tokens.at("include")) {
      throw tokens.unsupported("INCLUDE in a constraint", tokens.current());
    }
    List<StorageOption> options = grammar.options.optionalStorage();
    if (tokens.acceptWords("using", "index", "tablespace")) {
      grammar.names.column();
    }
    return options;
  }

  private ForeignTable foreignTable() {
    QualifiedName table = grammar.names.qualified();
    List<String> columns = grammar.names.optionalColumns();
    MatchKind match = MatchKind.SIMPLE;
    if (tokens.accept("match")) {
      if (tokens.at("partial")) {
        throw tokens.unsupported("MATCH PARTIAL", tokens.current());
      }
      String kind = tokens.acceptAny("full", "simple");
      if (kind == null) {
        throw tokens.syntaxError();
      }
      match = kind.equals("full") ? MatchKind.FULL : MatchKind.SIMPLE;
    }
    ReferentialAction onDelete = ReferentialAction.NO_ACTION;
    List<String> resetOnDelete = List.of();
    ReferentialAction onUpdate = ReferentialAction.NO_ACTION;
    while (tokens.at("on")) {
      Token on = tokens.advance();
      if (tokens.accept("delete")) {
        onDelete = referentialAction();
        if (isReset(onDelete) && tokens.atSymbol("(")) {
          resetOnDelete = grammar.names.columnsInParentheses();
        }
      } else {
        tokens.expect("update");
        onUpdate = referentialAction();
        if (isReset(onUpdate) && tokens.atSymbol("(")) {
          throw tokens.error(
              SqlState.FEATURE_NOT_SUPPORTED,
              "a column list with %s is only supported for ON DELETE actions"
                  .formatted(onUpdate.name().replace('_', ' ')),
              on);
        }
      }
    }
    return new ForeignTable(table, columns, match, onDelete, resetOnDelete, onUpdate);
  }

  private static boolean isReset(ReferentialAction action) {
    return action == ReferentialAction.SET_NULL || action == ReferentialAction.SET_DEFAULT;
  }

  private ReferentialAction referentialAction() {
    if (tokens.accept("no")) {
      tokens.expect("action");
      return ReferentialAction.NO_ACTION;
    }
    if (tokens.accept("restrict")) {
      return ReferentialAction.RESTRICT;
    }
    if (tokens.accept("cascade")) {
      return ReferentialAction.CASCADE;
    }
    tokens.expect("set");
    boolean setNull = tokens.accept("null");
    if (!setNull) {
      tokens.expect("default");
    }
    return setNull ? ReferentialAction.SET_NULL : ReferentialAction.SET_DEFAULT;
  }
}
