package io.alidade.sql.session;

import io.alidade.storage.catalog.Catalog;
import java.util.List;

/// A compiled statement together with what it depends on and the constants of its text.
///
/// @param compiled the statement
/// @param literals the constants of this text, by slot
/// @param catalog the definitions it was made from
/// @param searchPath the schemas its names were looked up in
record Compilation(
    Compiled compiled, List<String> literals, Catalog catalog, List<String> searchPath) {

  /// Whether it would come out the same now.
  boolean holdsIn(Catalog current, List<String> currentPath) {
    return catalog == current && searchPath.equals(currentPath);
  }
}
