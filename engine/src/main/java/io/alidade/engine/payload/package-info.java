/// Columns of a segment by ordinal, the order of their values, and ordered indexes over them.
///
/// What is here: [io.alidade.engine.payload.ColumnReader] (the values of one column),
/// [io.alidade.engine.payload.SegmentColumns] (all columns of a segment with their indexes),
/// [io.alidade.engine.payload.ValueOrder] (PostgreSQL's order of values), and
/// [io.alidade.engine.payload.OrderedIndex] with a mutable and a sealed form.
///
/// What is not here: files (storage places the sealed form's integers) and visibility: an index
/// gives ordinals of row versions, whoever asks checks which of them his view sees.
@NullMarked
package io.alidade.engine.payload;

import org.jspecify.annotations.NullMarked;
