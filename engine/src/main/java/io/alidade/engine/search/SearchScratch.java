package io.alidade.engine.search;

/// The memory that searching a segment needs, kept from one search to the next so that searching
/// allocates nothing. Used by one thread at a time.
final class SearchScratch {
  private final RowScan scan = new RowScan();
  private final SegmentSearch search = new SegmentSearch(scan);

  /// Scans of rows.
  RowScan scan() {
    return scan;
  }

  /// The search of a segment, which scans with [#scan].
  SegmentSearch search() {
    return search;
  }
}
