package io.alidade.engine.filter;

/// SQL's three truth values.
public enum Truth {
  FALSE,
  UNKNOWN,
  TRUE;

  /// The truth of a Java condition.
  public static Truth of(boolean condition) {
    return condition ? TRUE : FALSE;
  }

  /// SQL's NOT: unknown stays unknown.
  public Truth negate() {
    return switch (this) {
      case TRUE -> FALSE;
      case FALSE -> TRUE;
      case UNKNOWN -> UNKNOWN;
    };
  }
}
