/// Backups as a user takes and restores them: the program `alidade` in processes of its own,
/// against servers that are busy, and that are killed.
@NullMarked
package io.alidade.tests.backup;

import org.jspecify.annotations.NullMarked;
