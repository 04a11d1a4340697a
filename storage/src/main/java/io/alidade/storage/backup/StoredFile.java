package io.alidade.storage.backup;

import java.nio.file.Path;

/// A file that goes into a backup.
///
/// @param name its path in the data directory, with `/`
/// @param path where it is
/// @param length its bytes
record StoredFile(String name, Path path, long length) {}
