package io.alidade.sql.parse;

import java.util.ArrayList;
import java.util.List;

/// Reads names: the four classes of PostgreSQL's grammar, qualified names, lists of them.
final class Names {

  private final Tokens tokens;

  Names(Tokens tokens) {
    this.tokens = tokens;
  }

  /// A column, table, alias, cursor...: `ColId`.
  String column() {
    if (!tokens.current().isColumnName()) {
      throw tokens.syntaxError();
    }
    return tokens.advance().text();
  }

  /// A function, type or setting: `type_function_name`.
  String function() {
    if (!tokens.current().isFunctionName()) {
      throw tokens.syntaxError();
    }
    return tokens.advance().text();
  }

  /// What may follow AS or a dot: `ColLabel`.
  String label() {
    if (!tokens.current().isLabel()) {
      throw tokens.syntaxError();
    }
    return tokens.advance().text();
  }

  /// A word that is not reserved: `NonReservedWord`.
  String notReserved() {
    Token token = tokens.current();
    if (!token.isColumnName() && !token.isFunctionName()) {
      throw tokens.syntaxError();
    }
    return tokens.advance().text();
  }

  /// A relation, collation, operator class...: `qualified_name` or `any_name`.
  QualifiedName qualified() {
    int position = tokens.position();
    return dotted(column(), position);
  }

  /// The rest of a name whose first part was read.
  QualifiedName dotted(String head, int position) {
    if (!tokens.atSymbol(".")) {
      return new QualifiedName(List.of(head), position);
    }
    List<String> parts = new ArrayList<>(3);
    parts.add(head);
    while (tokens.acceptSymbol(".")) {
      parts.add(label());
    }
    return new QualifiedName(parts, position);
  }

  List<QualifiedName> qualifiedList() {
    List<QualifiedName> names = new ArrayList<>();
    do {
      names.add(qualified());
    } while (tokens.acceptSymbol(","));
    return names;
  }

  List<String> columnList() {
    List<String> names = new ArrayList<>();
    do {
      names.add(column());
    } while (tokens.acceptSymbol(","));
    return names;
  }

  /// `(a, b)`.
  List<String> columnsInParentheses() {
    tokens.expectSymbol("(");
    List<String> names = columnList();
    tokens.expectSymbol(")");
    return names;
  }

  /// `(a, b)` or nothing.
  List<String> optionalColumns() {
    return tokens.atSymbol("(") ? columnsInParentheses() : List.of();
  }

  /// An operator symbol, perhaps with a schema: `any_operator`.
  OperatorName operator() {
    String schema = null;
    while (tokens.current().isColumnName()) {
      schema = column();
      tokens.expectSymbol(".");
    }
    if (tokens.current().kind() != Token.Kind.OPERATOR) {
      throw tokens.syntaxError();
    }
    return new OperatorName(schema, tokens.advance().text());
  }

  /// `OPERATOR (schema.symbol)` or a bare symbol.
  OperatorName operatorOrQualified() {
    if (!tokens.accept("operator")) {
      if (tokens.current().kind() != Token.Kind.OPERATOR) {
        throw tokens.syntaxError();
      }
      return OperatorName.of(tokens.advance().text());
    }
    tokens.expectSymbol("(");
    OperatorName operator = operator();
    tokens.expectSymbol(")");
    return operator;
  }
}
