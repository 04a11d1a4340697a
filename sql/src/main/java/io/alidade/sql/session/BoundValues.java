package io.alidade.sql.session;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a statement is given when it is bound.
///
/// @param parameters the client's, each of its type; null for SQL NULL
/// @param literals the constants of the statement's text, by their slots; empty to take those that
///   the plan was made from
record BoundValues(List<@Nullable Object> parameters, List<String> literals) {

  static final BoundValues NONE = new BoundValues(List.of(), List.of());
}
