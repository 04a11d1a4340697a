package io.alidade.sql.parse;

/// The parsers of one statement: they share its tokens, and call each other.
final class Grammar {

  final Tokens tokens;
  final Names names;
  final TypeParser types;
  final ExpressionParser expressions;
  final PrimaryParser primaries;
  final CallParser calls;
  final QueryParser queries;
  final FromParser from;
  final DataChangeParser changes;
  final OptionParser options;
  final StatementParser statements;

  Grammar(Tokens tokens) {
    this.tokens = tokens;
    this.names = new Names(tokens);
    this.types = new TypeParser(this);
    this.expressions = new ExpressionParser(this);
    this.primaries = new PrimaryParser(this);
    this.calls = new CallParser(this);
    this.queries = new QueryParser(this);
    this.from = new FromParser(this);
    this.changes = new DataChangeParser(this);
    this.options = new OptionParser(this);
    this.statements = new StatementParser(this);
  }
}
