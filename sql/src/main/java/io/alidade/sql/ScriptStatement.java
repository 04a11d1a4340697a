package io.alidade.sql;

import io.alidade.sql.parse.StatementSyntax;

/// One parsed statement of a script.
///
/// @param syntax its tree
/// @param text its own text, without the separator
/// @param offset where it starts in the script, in characters, so that errors can point into it
public record ScriptStatement(StatementSyntax syntax, String text, int offset) {}
