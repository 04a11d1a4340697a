package io.alidade.sql.parse;

import io.alidade.sql.parse.TableDefinition.BuildMode;
import io.alidade.sql.parse.TableDefinition.IndexChange;
import io.alidade.sql.parse.TableDefinition.IndexElement;
import io.alidade.sql.parse.TableDefinition.NullsEqual;
import io.alidade.sql.parse.TableDefinition.StorageOption;
import io.alidade.sql.parse.TableDefinition.Uniqueness;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads CREATE INDEX and ALTER INDEX after those words, and the elements of indexes.
final class IndexParser {

  private final Grammar grammar;
  private final Tokens tokens;

  IndexParser(Grammar grammar) {
    this.grammar = grammar;
    this.tokens = grammar.tokens;
  }

  StatementSyntax createIndex(Uniqueness uniqueness, int position) {
    BuildMode build = tokens.accept("concurrently") ? BuildMode.CONCURRENT : BuildMode.BLOCKING;
    boolean ifNotExists = grammar.options.ifNotExists();
    String name = tokens.at("on") && !ifNotExists ? null : grammar.names.column();
    tokens.expect("on");
    QualifiedName table = grammar.from.relation().name();
    String method = tokens.accept("using") ? grammar.names.column() : "btree";
    List<IndexElement> elements = elements();
    List<IndexElement> include = tokens.accept("include") ? elements() : List.of();
    NullsEqual nulls = grammar.statements.nullsEqual();
    List<StorageOption> options = grammar.options.optionalStorage();
    if (tokens.accept("tablespace")) {
      grammar.names.column();
    }
    return new TableDefinition.CreateIndex(
        name,
        table,
        method,
        uniqueness,
        build,
        ifNotExists,
        elements,
        include,
        nulls,
        options,
        predicate(),
        position);
  }

  /// ALTER INDEX after those words.
  StatementSyntax alterIndex(int position) {
    boolean ifExists = grammar.options.ifExists();
    if (!ifExists && tokens.at("all")) {
      tokens.skipToEnd();
      return new Unsupported("ALTER INDEX ALL IN TABLESPACE");
    }
    QualifiedName name = grammar.names.qualified();
    List<IndexChange> changes = new ArrayList<>();
    if (tokens.acceptWords("rename", "to")) {
      changes.add(new IndexChange.Rename(grammar.names.column()));
      return new TableDefinition.AlterIndex(name, ifExists, changes, position);
    }
    do {
      if (tokens.at("set") && tokens.peek(1).isSymbol("(")) {
        tokens.expect("set");
        changes.add(new IndexChange.SetOptions(grammar.options.storage()));
      } else if (tokens.at("reset")) {
        tokens.expect("reset");
        changes.add(new IndexChange.ResetOptions(grammar.options.storage()));
      } else if (tokens.atAny("set", "attach", "depends", "no", "alter", "owner")) {
        tokens.skipToEnd();
        return new Unsupported("ALTER INDEX with other than SET (...), RESET (...), RENAME TO");
      } else {
        throw tokens.syntaxError();
      }
    } while (tokens.acceptSymbol(","));
    return new TableDefinition.AlterIndex(name, ifExists, changes, position);
  }

  private TableDefinition.@Nullable Predicate predicate() {
    if (!tokens.accept("where")) {
      return null;
    }
    int start = tokens.index();
    Expression condition = grammar.expressions.expression();
    return new TableDefinition.Predicate(condition, tokens.sourceSince(start));
  }

  /// `(element, ...)`.
  List<IndexElement> elements() {
    tokens.expectSymbol("(");
    List<IndexElement> elements = new ArrayList<>();
    do {
      elements.add(element());
    } while (tokens.acceptSymbol(","));
    tokens.expectSymbol(")");
    return elements;
  }

  private IndexElement element() {
    int position = tokens.position();
    int start = tokens.index();
    Expression key = key(position);
    String text = tokens.sourceSince(start);
    QualifiedName collation = tokens.accept("collate") ? grammar.names.qualified() : null;
    QualifiedName operatorClass = null;
    List<StorageOption> options = List.of();
    if (tokens.current().isColumnName() && !tokens.atAny("nulls")) {
      operatorClass = grammar.names.qualified();
      options = tokens.atSymbol("(") ? grammar.options.storage() : List.of();
    }
    return new IndexElement(
        key,
        text,
        collation,
        operatorClass,
        options,
        grammar.queries.direction(),
        grammar.queries.nulls(),
        position);
  }

  private Expression key(int position) {
    if (tokens.acceptSymbol("(")) {
      Expression expression = grammar.expressions.expression();
      tokens.expectSymbol(")");
      return expression;
    }
    Token next = tokens.peek(1);
    if (tokens.current().isColumnName() && !next.isSymbol("(") && !next.isSymbol(".")) {
      return new Expression.ColumnReference(List.of(tokens.advance().text()), position);
    }
    return grammar.from.call();
  }
}
