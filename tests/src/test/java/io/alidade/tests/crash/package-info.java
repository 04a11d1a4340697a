/// Servers that are killed, and what must be there afterwards.
@NullMarked
package io.alidade.tests.crash;

import org.jspecify.annotations.NullMarked;
