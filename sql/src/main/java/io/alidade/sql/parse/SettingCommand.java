package io.alidade.sql.parse;

import java.util.List;

/// A statement about the session's settings.
public sealed interface SettingCommand extends StatementSyntax {

  /// `SET [SESSION | LOCAL] name TO values`. The special spellings are rewritten: `SET TIME ZONE`
  /// sets `timezone`, `SET NAMES` `client_encoding`, `SET SCHEMA` `search_path`, `SET ROLE` `role`,
  /// `SET SESSION AUTHORIZATION` `session_authorization`.
  ///
  /// @param name lower case, with dots for a prefixed one
  /// @param values as text; empty for `DEFAULT`
  record Set(Scope scope, String name, List<String> values, int position)
      implements SettingCommand {}

  /// How long a {@link Set} holds.
  enum Scope {
    /// To the session's end; also when nothing is written.
    SESSION,
    /// To the transaction's end.
    LOCAL
  }

  /// `SHOW name`; `SHOW ALL` has the name {@code all}.
  record Show(String name, int position) implements SettingCommand {}

  /// `RESET name`; `RESET ALL` has the name {@code all}.
  record Reset(String name, int position) implements SettingCommand {}

  /// `DISCARD`.
  record Discard(DiscardTarget target) implements SettingCommand {}

  /// What {@link Discard} throws away.
  enum DiscardTarget {
    ALL,
    PLANS,
    SEQUENCES,
    TEMP
  }
}
