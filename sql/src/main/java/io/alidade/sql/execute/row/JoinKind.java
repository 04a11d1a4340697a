package io.alidade.sql.execute.row;

/// Which rows a join gives.
public enum JoinKind {
  INNER,
  /// Also left rows without a match, with NULLs on the right.
  LEFT,
  /// Also right rows without a match, with NULLs on the left.
  RIGHT,
  FULL,
  /// Left rows that have a match, once, without the right columns.
  SEMI,
  /// Left rows that have none, without the right columns.
  ANTI;

  /// Whether the rows hold the columns of both sides.
  public boolean givesRight() {
    return this != SEMI && this != ANTI;
  }

  /// Whether left rows without a match come with NULLs.
  public boolean keepsLeft() {
    return this == LEFT || this == FULL;
  }

  /// Whether right rows without a match come with NULLs.
  public boolean keepsRight() {
    return this == RIGHT || this == FULL;
  }
}
