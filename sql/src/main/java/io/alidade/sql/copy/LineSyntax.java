package io.alidade.sql.copy;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// How lines of fields are cut: the difference between the text and the CSV form.
interface LineSyntax {

  /// Whether the line goes on after a line feed or carriage return that follows these bytes. Called
  /// for every byte of a line in turn, so that it can keep a state.
  boolean isInsideField(byte next);

  /// A line has ended, and the state begins anew.
  void reset();

  /// Cuts a line, without its line end, into fields; null is SQL NULL.
  List<@Nullable String> fields(String line);
}
