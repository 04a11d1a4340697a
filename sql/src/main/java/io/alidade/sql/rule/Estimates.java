package io.alidade.sql.rule;

import io.alidade.storage.statistics.TableProfile;
import java.util.Optional;
import java.util.function.IntFunction;

/// What is known when a plan is made or explained: of tables what ANALYZE found, of slots the
/// values that they have, or had in the text that the plan was made from.
///
/// @param profiles what is known of a table, by its OID
/// @param values the value of a dynamic parameter; empty if it is not known or NULL
public record Estimates(
    IntFunction<Optional<TableProfile>> profiles, IntFunction<Optional<Object>> values) {
  /// Nothing is known.
  public static final Estimates NONE = new Estimates(_ -> Optional.empty(), _ -> Optional.empty());
}
