/// The whole product measured from outside, beside PostgreSQL with pgvector in the same run.
///
/// [EndToEnd] is the command; it prints one table a subject. What is compared is interleaved, and
/// what is quoted is the median. Processor time is the server process's own, read from `/proc`.
@NullMarked
package io.alidade.bench.endtoend;

import org.jspecify.annotations.NullMarked;
