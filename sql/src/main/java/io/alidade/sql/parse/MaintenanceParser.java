package io.alidade.sql.parse;

import java.util.ArrayList;
import java.util.List;

/// Reads VACUUM, ANALYZE, REINDEX, OPTIMIZE TABLE and CHECKPOINT.
final class MaintenanceParser {

  private final Grammar grammar;
  private final Tokens tokens;

  MaintenanceParser(Grammar grammar) {
    this.grammar = grammar;
    this.tokens = grammar.tokens;
  }

  StatementSyntax vacuum() {
    tokens.expect("vacuum");
    List<Explain.Option> options = new ArrayList<>();
    if (tokens.atSymbol("(")) {
      options.addAll(grammar.options.utility());
    } else {
      flag(options, "full", "full");
      flag(options, "freeze", "freeze");
      flag(options, "verbose", "verbose");
      flag(options, "analyze", "analyze", "analyse");
    }
    return new MaintenanceCommand.Vacuum(options, subjects());
  }

  StatementSyntax analyze() {
    tokens.advance();
    List<Explain.Option> options = new ArrayList<>();
    if (tokens.atSymbol("(")) {
      options.addAll(grammar.options.utility());
    } else {
      flag(options, "verbose", "verbose");
    }
    return new MaintenanceCommand.Analyze(options, subjects());
  }

  private void flag(List<Explain.Option> options, String name, String... words) {
    int position = tokens.position();
    if (tokens.acceptAny(words) != null) {
      options.add(new Explain.Option(name, null, position));
    }
  }

  private List<MaintenanceCommand.Subject> subjects() {
    List<MaintenanceCommand.Subject> subjects = new ArrayList<>();
    if (tokens.atEnd()) {
      return subjects;
    }
    do {
      QualifiedName table = grammar.names.qualified();
      subjects.add(new MaintenanceCommand.Subject(table, grammar.names.optionalColumns()));
    } while (tokens.acceptSymbol(","));
    return subjects;
  }

  StatementSyntax reindex() {
    tokens.expect("reindex");
    List<Explain.Option> options = new ArrayList<>();
    if (tokens.atSymbol("(")) {
      options.addAll(grammar.options.utility());
    }
    String word = tokens.acceptAny("index", "table", "schema", "database", "system");
    if (word == null) {
      throw tokens.syntaxError();
    }
    MaintenanceCommand.ReindexTarget target =
        switch (word) {
          case "index" -> MaintenanceCommand.ReindexTarget.INDEX;
          case "table" -> MaintenanceCommand.ReindexTarget.TABLE;
          case "schema" -> MaintenanceCommand.ReindexTarget.SCHEMA;
          case "database" -> MaintenanceCommand.ReindexTarget.DATABASE;
          default -> MaintenanceCommand.ReindexTarget.SYSTEM;
        };
    flag(options, "concurrently", "concurrently");
    QualifiedName name = grammar.names.qualified();
    return new MaintenanceCommand.Reindex(options, target, name);
  }

  StatementSyntax optimize() {
    tokens.advance();
    tokens.expect("table");
    List<QualifiedName> tables = new ArrayList<>();
    do {
      tables.add(grammar.names.qualified());
    } while (tokens.acceptSymbol(","));
    return new MaintenanceCommand.Optimize(tables);
  }

  StatementSyntax checkpoint() {
    tokens.expect("checkpoint");
    return new MaintenanceCommand.Checkpoint();
  }
}
