package io.alidade.sql.parse;

import io.alidade.model.SqlState;
import io.alidade.sql.parse.SettingCommand.DiscardTarget;
import io.alidade.sql.parse.SettingCommand.Scope;
import io.alidade.sql.parse.TransactionCommand.ModesScope;
import java.util.List;

/// Reads SET, SHOW, RESET and DISCARD.
final class SettingParser {

  private final Grammar grammar;
  private final Tokens tokens;
  private final TransactionParser transactions;

  SettingParser(Grammar grammar, TransactionParser transactions) {
    this.grammar = grammar;
    this.tokens = grammar.tokens;
    this.transactions = transactions;
  }

  StatementSyntax set() {
    int position = tokens.position();
    tokens.expect("set");
    if (tokens.accept("constraints")) {
      return transactions.setConstraints();
    }
    Scope scope = scope();
    if (tokens.acceptWords("session", "characteristics")) {
      tokens.expect("as", "transaction");
      return transactions.setModes(ModesScope.SESSION);
    }
    if (tokens.accept("transaction")) {
      if (tokens.at("snapshot")) {
        throw tokens.unsupported("SET TRANSACTION SNAPSHOT", tokens.current());
      }
      return transactions.setModes(ModesScope.TRANSACTION);
    }
    return assignment(scope, position);
  }

  private Scope scope() {
    Token next = tokens.peek(1);
    boolean name = next.isSymbol(".") || next.isOperator("=") || next.isWord("to");
    if (!name && tokens.accept("local")) {
      return Scope.LOCAL;
    }
    boolean session = tokens.at("session") && !next.isWord("characteristics");
    if (!name && session && !next.isWord("authorization")) {
      tokens.advance();
    }
    return Scope.SESSION;
  }

  private StatementSyntax assignment(Scope scope, int position) {
    if (tokens.acceptWords("time", "zone")) {
      return new SettingCommand.Set(scope, "timezone", timeZone(), position);
    }
    if (tokens.acceptWords("session", "authorization")) {
      return word(scope, "session_authorization", position);
    }
    Token next = tokens.peek(1);
    boolean plain = next.isWord("to") || next.isOperator("=") || next.isSymbol(".");
    if (!plain && tokens.accept("names")) {
      return tokens.atEnd()
          ? new SettingCommand.Set(scope, "client_encoding", List.of(), position)
          : word(scope, "client_encoding", position);
    }
    if (!plain && tokens.accept("role")) {
      return word(scope, "role", position);
    }
    if (!plain && tokens.accept("schema")) {
      return new SettingCommand.Set(scope, "search_path", List.of(tokens.expectString()), position);
    }
    if (!plain && tokens.at("catalog")) {
      throw tokens.unsupported("SET CATALOG", tokens.current());
    }
    if (!plain && tokens.atWords("xml", "option")) {
      throw tokens.unsupported("SET XML OPTION", tokens.current());
    }
    String name = grammar.options.settingName();
    if (!tokens.accept("to")) {
      tokens.expectOperator("=");
    }
    return new SettingCommand.Set(scope, name, grammar.options.setting(), position);
  }

  private StatementSyntax word(Scope scope, String name, int position) {
    String value = grammar.options.wordOrDefault();
    List<String> values = value == null ? List.of() : List.of(value);
    return new SettingCommand.Set(scope, name, values, position);
  }

  private List<String> timeZone() {
    if (tokens.acceptAny("local", "default") != null) {
      return List.of();
    }
    if (!tokens.accept("interval")) {
      return List.of(grammar.options.value());
    }
    if (tokens.acceptSymbol("(")) {
      tokens.expectInteger();
      tokens.expectSymbol(")");
    }
    String value = tokens.expectString();
    String fields = grammar.types.intervalFields();
    if (fields != null && !fields.equals("hour") && !fields.equals("hour to minute")) {
      throw tokens.error(
          SqlState.SYNTAX_ERROR,
          "time zone interval must be HOUR or HOUR TO MINUTE",
          tokens.previous());
    }
    return List.of(value);
  }

  StatementSyntax show() {
    int position = tokens.position();
    tokens.expect("show");
    return new SettingCommand.Show(name(), position);
  }

  StatementSyntax reset() {
    int position = tokens.position();
    tokens.expect("reset");
    return new SettingCommand.Reset(name(), position);
  }

  private String name() {
    if (tokens.accept("all")) {
      return "all";
    }
    if (tokens.acceptWords("time", "zone")) {
      return "timezone";
    }
    if (tokens.acceptWords("transaction", "isolation")) {
      tokens.expect("level");
      return "transaction_isolation";
    }
    if (tokens.acceptWords("session", "authorization")) {
      return "session_authorization";
    }
    return grammar.options.settingName();
  }

  StatementSyntax discard() {
    tokens.expect("discard");
    String target = tokens.acceptAny("all", "plans", "sequences", "temp", "temporary");
    return new SettingCommand.Discard(
        switch (target) {
          case "all" -> DiscardTarget.ALL;
          case "plans" -> DiscardTarget.PLANS;
          case "sequences" -> DiscardTarget.SEQUENCES;
          case "temp", "temporary" -> DiscardTarget.TEMP;
          case null, default -> throw tokens.syntaxError();
        });
  }

  StatementSyntax listen() {
    tokens.expect("listen");
    return new MaintenanceCommand.Listen(grammar.names.column());
  }

  StatementSyntax notifyChannel() {
    tokens.expect("notify");
    String channel = grammar.names.column();
    String payload = tokens.acceptSymbol(",") ? tokens.expectString() : null;
    return new MaintenanceCommand.Notify(channel, payload);
  }

  StatementSyntax unlisten() {
    tokens.expect("unlisten");
    return new MaintenanceCommand.Unlisten(
        tokens.acceptOperator("*") ? null : grammar.names.column());
  }
}
