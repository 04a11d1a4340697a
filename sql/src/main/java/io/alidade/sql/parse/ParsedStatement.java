package io.alidade.sql.parse;

/// One statement of a script.
///
/// @param text from its first token to its last, without the semicolon
/// @param offset where `text` starts in the script, in UTF-16 units
/// @param keyIsComplete whether every statement with the same {@link StatementKey} has the same
///   tree but for the values of its slots; if not, a plan may only be kept under the text itself
public record ParsedStatement(
    StatementSyntax syntax, String text, int offset, boolean keyIsComplete) {}
