package io.alidade.storage;

import io.alidade.storage.catalog.Catalog;
import java.util.Optional;

/// How far a transaction's writing had come.
///
/// @param undoSize the length of its list of what to undo
/// @param catalog its own catalog, if it had changed definitions
/// @param catalogChanges how many changes of definitions it had made
record WriteMark(int undoSize, Optional<Catalog> catalog, int catalogChanges) {}
