/// Servers that are given more than their memory holds.
@NullMarked
package io.alidade.tests.memory;

import org.jspecify.annotations.NullMarked;
