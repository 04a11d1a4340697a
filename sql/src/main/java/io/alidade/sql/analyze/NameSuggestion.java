package io.alidade.sql.analyze;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The hint at a column whose name is nearly what was written, as PostgreSQL gives it.
final class NameSuggestion {
  private static final int MAX_DISTANCE = 3;

  private NameSuggestion() {}

  static Optional<String> forColumn(String written, List<ScopeRange> ranges) {
    int best = Math.min(MAX_DISTANCE, written.length() / 2);
    List<String> names = new ArrayList<>();
    for (ScopeRange range : ranges) {
      for (ScopeColumn column : range.columns()) {
        int distance = distance(written, column.name());
        if (distance < best || distance == best && names.isEmpty()) {
          names.clear();
          best = distance;
        }
        if (distance == best) {
          names.add("the column \"" + range.name() + "." + column.name() + "\"");
        }
      }
    }
    return switch (names.size()) {
      case 1 -> Optional.of("Perhaps you meant to reference " + names.getFirst() + ".");
      case 2 ->
          Optional.of(
              "Perhaps you meant to reference " + names.getFirst() + " or " + names.get(1) + ".");
      default -> Optional.empty();
    };
  }

  /// Levenshtein's distance.
  private static int distance(String left, String right) {
    int[] row = new int[right.length() + 1];
    for (int j = 0; j <= right.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= left.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= right.length(); j++) {
        int replaced = diagonal + (left.charAt(i - 1) == right.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[right.length()];
  }
}
