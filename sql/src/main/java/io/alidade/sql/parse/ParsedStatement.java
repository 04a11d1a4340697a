package io.alidade.sql.parse;

/// One statement of a script.
///
/// @param text from its first token to its last, without the semicolon
/// @param offset where `text` starts in the script, in UTF-16 units
public record ParsedStatement(StatementSyntax syntax, String text, int offset) {}
