/// The vector engine's front: a query over all segments of a table.
///
/// [io.alidade.engine.search.VectorQuery] says what is asked, [io.alidade.engine.Searcher] runs it
/// over views of segments and merges, [io.alidade.engine.SearchResult] holds the hits and what it
/// took. [io.alidade.engine.TextEmbedder] turns text into vectors; others implement it.
///
/// What is not here: the search of one segment (`search`), storage, SQL.
@NullMarked
package io.alidade.engine;

import org.jspecify.annotations.NullMarked;
