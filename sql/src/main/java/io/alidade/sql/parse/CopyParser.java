package io.alidade.sql.parse;

import io.alidade.model.SqlState;
import java.util.ArrayList;
import java.util.List;

/// Reads COPY in its three syntaxes, the one of PostgreSQL 7.2 included as `psql` still sends it.
final class CopyParser {

  private final Grammar grammar;
  private final Tokens tokens;

  CopyParser(Grammar grammar) {
    this.grammar = grammar;
    this.tokens = grammar.tokens;
  }

  StatementSyntax copy() {
    int position = tokens.position();
    tokens.expect("copy");
    List<Copy.Option> options = new ArrayList<>();
    if (tokens.atSymbol("(")) {
      return copyResult(position);
    }
    if (tokens.at("binary") && !tokens.peek(1).isSymbol(".")) {
      options.add(new Copy.Option("format", List.of("binary"), tokens.position()));
      tokens.advance();
    }
    QualifiedName table = grammar.names.qualified();
    Copy.Subject subject = new Copy.Subject.Table(table, grammar.names.optionalColumns());
    Copy.Direction direction = tokens.accept("from") ? Copy.Direction.FROM : to();
    Copy.Endpoint endpoint = endpoint();
    if (tokens.at("delimiters") || tokens.atWords("using", "delimiters")) {
      tokens.accept("using");
      int optionPosition = tokens.position();
      tokens.expect("delimiters");
      options.add(new Copy.Option("delimiter", List.of(tokens.expectString()), optionPosition));
    }
    readOptions(options);
    Token clause = tokens.current();
    Expression where = grammar.queries.where();
    if (where != null && direction == Copy.Direction.TO) {
      throw tokens.error(SqlState.SYNTAX_ERROR, "WHERE clause not allowed with COPY TO", clause);
    }
    return new Copy(subject, direction, endpoint, options, where, position);
  }

  private Copy.Direction to() {
    tokens.expect("to");
    return Copy.Direction.TO;
  }

  private StatementSyntax copyResult(int position) {
    tokens.expectSymbol("(");
    StatementSyntax statement = grammar.statements.preparable();
    tokens.expectSymbol(")");
    tokens.expect("to");
    Copy.Endpoint endpoint = endpoint();
    List<Copy.Option> options = new ArrayList<>();
    readOptions(options);
    return new Copy(
        new Copy.Subject.Result(statement), Copy.Direction.TO, endpoint, options, null, position);
  }

  private Copy.Endpoint endpoint() {
    if (tokens.accept("program")) {
      return new Copy.Endpoint.Program(tokens.expectString());
    }
    if (tokens.acceptAny("stdin", "stdout") != null) {
      return new Copy.Endpoint.Client();
    }
    return new Copy.Endpoint.File(tokens.expectString());
  }

  private void readOptions(List<Copy.Option> options) {
    boolean with = tokens.accept("with");
    if (tokens.atSymbol("(")) {
      options.addAll(grammar.options.copy());
      return;
    }
    while (!tokens.atEnd() && (with || !tokens.at("where"))) {
      if (tokens.at("where")) {
        return;
      }
      options.add(oldOption());
    }
  }

  private Copy.Option oldOption() {
    int position = tokens.position();
    String word =
        tokens.acceptAny(
            "binary",
            "freeze",
            "delimiter",
            "null",
            "csv",
            "header",
            "quote",
            "escape",
            "force",
            "encoding");
    return switch (word) {
      case "binary", "csv" -> new Copy.Option("format", List.of(word), position);
      case "freeze", "header" -> new Copy.Option(word, List.of(), position);
      case "delimiter", "null", "quote", "escape" -> {
        tokens.accept("as");
        yield new Copy.Option(word, List.of(tokens.expectString()), position);
      }
      case "encoding" -> new Copy.Option(word, List.of(tokens.expectString()), position);
      case "force" -> force(position);
      case null, default -> throw tokens.syntaxError();
    };
  }

  private Copy.Option force(int position) {
    if (tokens.accept("quote")) {
      List<String> columns = tokens.acceptOperator("*") ? List.of("*") : grammar.names.columnList();
      return new Copy.Option("force_quote", columns, position);
    }
    boolean not = tokens.accept("not");
    tokens.expect("null");
    return new Copy.Option(
        not ? "force_not_null" : "force_null", grammar.names.columnList(), position);
  }
}
