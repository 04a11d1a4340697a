package io.alidade.sql.parse;

import io.alidade.sql.parse.MaintenanceCommand.TableLock;
import java.util.ArrayList;
import java.util.List;

/// Reads LOCK TABLE.
final class LockParser {
  private final Grammar grammar;
  private final Tokens tokens;

  LockParser(Grammar grammar) {
    this.grammar = grammar;
    this.tokens = grammar.tokens;
  }

  StatementSyntax lock() {
    tokens.expect("lock");
    tokens.accept("table");
    List<QualifiedName> tables = new ArrayList<>();
    do {
      boolean only = tokens.accept("only");
      boolean parenthesis = only && tokens.acceptSymbol("(");
      tables.add(grammar.names.qualified());
      if (parenthesis) {
        tokens.expectSymbol(")");
      } else if (!only) {
        tokens.acceptOperator("*");
      }
    } while (tokens.acceptSymbol(","));
    TableLock mode = TableLock.ACCESS_EXCLUSIVE;
    if (tokens.accept("in")) {
      mode = lockMode();
      tokens.expect("mode");
    }
    Query.LockWait waiting = tokens.accept("nowait") ? Query.LockWait.NOWAIT : Query.LockWait.BLOCK;
    return new MaintenanceCommand.LockTable(tables, mode, waiting);
  }

  private TableLock lockMode() {
    if (tokens.accept("access")) {
      if (tokens.accept("share")) {
        return TableLock.ACCESS_SHARE;
      }
      tokens.expect("exclusive");
      return TableLock.ACCESS_EXCLUSIVE;
    }
    if (tokens.accept("row")) {
      if (tokens.accept("share")) {
        return TableLock.ROW_SHARE;
      }
      tokens.expect("exclusive");
      return TableLock.ROW_EXCLUSIVE;
    }
    if (tokens.accept("exclusive")) {
      return TableLock.EXCLUSIVE;
    }
    tokens.expect("share");
    if (tokens.acceptWords("update", "exclusive")) {
      return TableLock.SHARE_UPDATE_EXCLUSIVE;
    }
    return tokens.acceptWords("row", "exclusive") ? TableLock.SHARE_ROW_EXCLUSIVE : TableLock.SHARE;
  }
}
