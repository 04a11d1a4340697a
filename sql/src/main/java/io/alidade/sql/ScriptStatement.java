package io.alidade.sql;

import io.alidade.sql.parse.ParsedStatement;

/// One parsed statement of a script.
///
/// @param parsed its tree and text
public record ScriptStatement(ParsedStatement parsed) {

  /// Its own text, without the separator.
  public String text() {
    return parsed.text();
  }

  /// Where it starts in the script, in characters, so that errors can point into it.
  public int offset() {
    return parsed.offset();
  }
}
