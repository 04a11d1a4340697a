/// Trials of libraries that decisions in `docs/decisions` rest on, kept as tests so that a newer
/// version that behaves differently shows.
@NullMarked
package io.alidade.sql.trial;

import org.jspecify.annotations.NullMarked;
