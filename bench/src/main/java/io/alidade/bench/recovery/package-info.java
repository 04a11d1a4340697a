/// How long a start takes after a crash.
///
/// Here: [io.alidade.bench.recovery.RecoveryMeasurement], a program. Not here: what a start does
/// (`storage`).
@NullMarked
package io.alidade.bench.recovery;

import org.jspecify.annotations.NullMarked;
