/// Memory outside the heap: absolute addresses, areas that are freed as one, and tables of
/// fixed-size records that grow without moving.
///
/// Everything the engine reads in its inner loops, mapped or native, is reached through
/// [io.alidade.engine.memory.AddressSpace], so that the compiler meets one kind of memory segment:
/// a kernel that has met two stays three times slower for good. There are no bounds checks behind
/// an address; whoever opens a file validates every id in it first, and whoever hands out an
/// address keeps its memory alive.
@NullMarked
package io.alidade.engine.memory;

import org.jspecify.annotations.NullMarked;
