package io.alidade.sql.execute;

/// Says that a row which was to be locked has changed since the statement's snapshot: the plan is
/// to be run anew, on a new snapshot.
///
/// It ends one attempt of a plan from within any of its operators; whoever runs the plan catches
/// it, and nobody else sees it.
public final class RowChangedException extends RuntimeException {
  private static final long serialVersionUID = 1;

  RowChangedException() {
    super("a row has changed since the snapshot", null, false, false);
  }
}
