package io.alidade.sql.session;

/// How much of each thing one session may have at once.
final class SessionLimits {

  /// Prepared statements, named ones and the unnamed one together.
  static final int MAX_PREPARED_STATEMENTS = 10_000;

  /// Open portals.
  static final int MAX_PORTALS = 1000;

  /// Statements in one script of the simple protocol.
  static final int MAX_SCRIPT_STATEMENTS = 100_000;

  /// Parameters of a statement, as the protocol counts them.
  static final int MAX_PARAMETERS = 65_535;

  private SessionLimits() {}
}
