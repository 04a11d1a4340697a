package io.alidade.sql.function;

import io.alidade.model.DatabaseException;
import io.alidade.model.SqlState;

/// What the letters of a `flags` argument or of `(?...)` ask of a regular expression.
///
/// @param ignoreCase `i`
/// @param global `g`: not the first match only
/// @param lineAnchors `w`, `n`: `^` and `$` match at each line
/// @param lineDots `p`, `n`: `.` and `[^...]` do not match a line's end
/// @param expanded `x`: white space and comments are ignored
/// @param literal `q`: no character is special
record RegularExpressionOptions(
    boolean ignoreCase,
    boolean global,
    boolean lineAnchors,
    boolean lineDots,
    boolean expanded,
    boolean literal) {
  static final RegularExpressionOptions NONE =
      new RegularExpressionOptions(false, false, false, false, false, false);
  static final RegularExpressionOptions IGNORE_CASE = NONE.with('i');

  /// Reads a `flags` argument.
  static RegularExpressionOptions parse(String flags) {
    RegularExpressionOptions options = NONE;
    for (int i = 0; i < flags.length(); i++) {
      options = options.with(flags.charAt(i));
    }
    return options;
  }

  private RegularExpressionOptions with(char flag) {
    return switch (flag) {
      case 'g' -> copy(ignoreCase, true, lineAnchors, lineDots, expanded, literal);
      case 'i' -> copy(true, global, lineAnchors, lineDots, expanded, literal);
      case 'c' -> copy(false, global, lineAnchors, lineDots, expanded, literal);
      case 'm', 'n' -> copy(ignoreCase, global, true, true, expanded, literal);
      case 'p' -> copy(ignoreCase, global, false, true, expanded, literal);
      case 's' -> copy(ignoreCase, global, false, false, expanded, literal);
      case 'w' -> copy(ignoreCase, global, true, false, expanded, literal);
      case 'x' -> copy(ignoreCase, global, lineAnchors, lineDots, true, literal);
      case 't' -> copy(ignoreCase, global, lineAnchors, lineDots, false, literal);
      case 'q' -> copy(ignoreCase, global, lineAnchors, lineDots, expanded, true);
      case 'b', 'e' ->
          throw new DatabaseException(
              SqlState.FEATURE_NOT_SUPPORTED,
              "basic and extended regular expressions are not supported");
      default ->
          throw new DatabaseException(
              SqlState.INVALID_PARAMETER_VALUE,
              "invalid regular expression option: \"" + flag + "\"");
    };
  }

  /// With the letters of `(?...)` at a pattern's start.
  RegularExpressionOptions embedded(String letters) {
    RegularExpressionOptions options = this;
    for (int i = 0; i < letters.length(); i++) {
      char letter = letters.charAt(i);
      if ("bceimnpqstwx".indexOf(letter) < 0) {
        throw RegularExpression.invalid("invalid embedded option");
      }
      options = options.with(letter);
    }
    return options;
  }

  private static RegularExpressionOptions copy(
      boolean ignoreCase,
      boolean global,
      boolean lineAnchors,
      boolean lineDots,
      boolean expanded,
      boolean literal) {
    return new RegularExpressionOptions(
        ignoreCase, global, lineAnchors, lineDots, expanded, literal);
  }
}
