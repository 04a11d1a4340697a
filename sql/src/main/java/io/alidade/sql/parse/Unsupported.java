package io.alidade.sql.parse;

/// A statement PostgreSQL knows and we do not run; the rest of its text is not examined.
///
/// @param name as its command tag says it: `CREATE TRIGGER`
public record Unsupported(String name) implements StatementSyntax {}
