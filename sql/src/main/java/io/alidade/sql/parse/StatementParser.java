package io.alidade.sql.parse;

import io.alidade.sql.parse.Query.With;
import io.alidade.sql.parse.TableDefinition.IndexElement;
import io.alidade.sql.parse.TableDefinition.NullsEqual;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Reads one statement: its first word decides which family's parser goes on.
final class StatementParser {

  private final Grammar grammar;
  private final Tokens tokens;
  private final TableParser tables;
  private final IndexParser indexes;
  private final ObjectParser objects;
  private final TransactionParser transactions;
  private final SettingParser settings;
  private final CursorParser cursors;
  private final CopyParser copies;
  private final MaintenanceParser maintenance;

  StatementParser(Grammar grammar) {
    this.grammar = grammar;
    this.tokens = grammar.tokens;
    this.tables = new TableParser(grammar);
    this.indexes = new IndexParser(grammar);
    this.objects = new ObjectParser(grammar, tables, indexes);
    this.transactions = new TransactionParser(grammar);
    this.settings = new SettingParser(grammar, transactions);
    this.cursors = new CursorParser(grammar);
    this.copies = new CopyParser(grammar);
    this.maintenance = new MaintenanceParser(grammar);
  }

  /// A whole statement, up to its semicolon or the end.
  StatementSyntax statement() {
    StatementSyntax statement = any();
    if (!tokens.atEnd()) {
      throw tokens.syntaxError();
    }
    return statement;
  }

  private StatementSyntax any() {
    Token token = tokens.current();
    if (token.isSymbol("(")) {
      return grammar.queries.query();
    }
    boolean isOptimize = token.isLabel() && token.text().equals("optimize"); // No word of theirs.
    if (isOptimize && tokens.peek(1).isWord("table")) {
      return maintenance.optimize();
    }
    if (token.keyword() == null) {
      throw tokens.syntaxError();
    }
    return switch (token.text()) {
      case "select", "values", "table", "with", "insert", "update", "delete", "merge" ->
          preparable();
      case "create" -> objects.create();
      case "drop" -> objects.drop();
      case "alter" -> objects.alter();
      case "truncate" -> objects.truncate();
      case "begin" -> transactions.begin();
      case "start" -> transactions.start();
      case "commit", "end" -> transactions.commit();
      case "rollback", "abort" -> transactions.rollback();
      case "savepoint" -> transactions.savepoint();
      case "release" -> transactions.release();
      case "set" -> settings.set();
      case "show" -> settings.show();
      case "reset" -> settings.reset();
      case "discard" -> settings.discard();
      case "listen" -> settings.listen();
      case "notify" -> settings.notifyChannel();
      case "unlisten" -> settings.unlisten();
      case "declare" -> cursors.declare();
      case "fetch", "move" -> cursors.fetch();
      case "close" -> cursors.close();
      case "prepare" -> cursors.prepare();
      case "execute" -> cursors.execute();
      case "deallocate" -> cursors.deallocate();
      case "copy" -> copies.copy();
      case "explain" -> explain();
      case "vacuum" -> maintenance.vacuum();
      case "analyze", "analyse" -> maintenance.analyze();
      case "checkpoint" -> maintenance.checkpoint();
      case "reindex" -> maintenance.reindex();
      case "lock" -> new LockParser(grammar).lock();
      default -> unsupported(token);
    };
  }

  private StatementSyntax unsupported(Token token) {
    String name =
        switch (token.text()) {
          case "call", "cluster", "comment", "do", "grant", "load", "revoke" ->
              token.text().toUpperCase(Locale.ROOT);
          case "import" -> "IMPORT FOREIGN SCHEMA";
          case "reassign" -> "REASSIGN OWNED";
          case "refresh" -> "REFRESH MATERIALIZED VIEW";
          case "security" -> "SECURITY LABEL";
          default -> throw tokens.syntaxError();
        };
    tokens.skipToEnd();
    return new Unsupported(name);
  }

  /// What may stand in PREPARE, EXPLAIN, COPY and WITH: a query or a change of rows.
  StatementSyntax preparable() {
    int position = tokens.position();
    if (tokens.atSymbol("(")) {
      return grammar.queries.query();
    }
    if (!tokens.at("with")) {
      return tokens.atAny("insert", "update", "delete", "merge")
          ? change(null)
          : grammar.queries.query();
    }
    tokens.enter();
    With with = grammar.queries.with();
    StatementSyntax statement =
        tokens.atAny("insert", "update", "delete", "merge") || with == null
            ? change(with)
            : grammar.queries.after(with, position);
    tokens.leave();
    return statement;
  }

  private StatementSyntax change(@Nullable With with) {
    if (tokens.at("insert")) {
      return grammar.changes.insert(with);
    }
    if (tokens.at("update")) {
      return grammar.changes.update(with);
    }
    if (tokens.at("merge")) {
      throw tokens.unsupported("MERGE", tokens.current());
    }
    return grammar.changes.delete(with);
  }

  private StatementSyntax explain() {
    tokens.expect("explain");
    List<Explain.Option> options = new ArrayList<>();
    Token inner = tokens.peek(1);
    boolean list =
        tokens.atSymbol("(")
            && !inner.isSymbol("(")
            && !inner.isWord("select")
            && !inner.isWord("with")
            && !inner.isWord("table")
            && !inner.isWord("values");
    if (list) {
      options.addAll(grammar.options.utility());
    } else {
      flag(options, "analyze", "analyze", "analyse");
      flag(options, "verbose", "verbose");
    }
    int offset = tokens.position();
    return new Explain(options, explained(), offset);
  }

  private StatementSyntax explained() {
    if (tokens.at("declare")) {
      return cursors.declare();
    }
    if (tokens.at("execute")) {
      return cursors.execute();
    }
    return tokens.at("create") ? objects.create() : preparable();
  }

  private void flag(List<Explain.Option> options, String name, String... words) {
    int position = tokens.position();
    if (tokens.acceptAny(words) != null) {
      options.add(new Explain.Option(name, null, position));
    }
  }

  /// `(element, ...)` of an index, for the target of ON CONFLICT.
  List<IndexElement> indexElements() {
    return indexes.elements();
  }

  /// `NULLS [NOT] DISTINCT` or nothing, of a constraint or an index.
  NullsEqual nullsEqual() {
    return tables.nullsEqual();
  }
}
