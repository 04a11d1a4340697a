package io.alidade.storage;

import io.alidade.engine.payload.OrderedIndex;
import io.alidade.engine.search.Checkpoint;
import io.alidade.storage.catalog.IndexDefinition;
import io.alidade.storage.merge.IndexBuilder;
import io.alidade.storage.segment.MutableSegment;
import io.alidade.storage.segment.SealedSegment;
import io.alidade.storage.segment.Segment;
import io.alidade.storage.segment.VectorIndex;
import io.alidade.storage.table.TableStore;
import java.util.List;
import java.util.Optional;

/// Makes an index anew from the rows, segment by segment, while reads and writes go on.
///
/// The index of a segment is made beside the one that there is and takes its place between two
/// commits; searches that began before go on in the old one. Nobody merges the segments meanwhile.
///
/// @param services what the database works with
record IndexRebuild(OpenTransaction.Services services) {

  /// Makes the index of each segment of a table anew. A segment that was sealed meanwhile is seen
  /// to afterwards.
  void run(TableStore store, IndexDefinition index, Checkpoint cancel) {
    IndexBuilder builder = services.builder();
    try (IndexBuilder.Report report =
        builder.report(index, store, builder.threads(), IndexBuilder.Purpose.REBUILD)) {
      List<Segment> held = store.holdSegments();
      try {
        for (Segment segment : held) {
          cancel.pass();
          switch (index.method()) {
            case BTREE -> ordered(store, index, segment);
            case HNSW -> vectors(store, index, segment, report, cancel);
          }
        }
      } finally {
        held.forEach(Segment::release);
      }
    }
  }

  private void ordered(TableStore store, IndexDefinition index, Segment segment) {
    switch (segment) {
      case SealedSegment sealed -> {
        OrderedIndex made = sealed.sortedBy(index);
        services
            .committer()
            .run(() -> {
              if (keeps(store, index, segment)) {
                sealed.replaceIndex(index.oid(), made);
              }
            });
      }
      case MutableSegment mutable -> // Its index is to hold every row that is appended.
          services
              .committer()
              .run(() -> {
                if (keeps(store, index, segment)) {
                  mutable.addIndex(index.oid(), MutableSegment.orderedIndexOf(mutable, index));
                }
              });
    }
  }

  private void vectors(
      TableStore store,
      IndexDefinition index,
      Segment segment,
      IndexBuilder.Report report,
      Checkpoint cancel) {
    VectorIndex made = VectorIndex.create(index, segment);
    boolean[] taken = {false};
    try {
      services.builder().complete(segment, made, report, cancel);
      services
          .committer()
          .run(() -> {
            if (keeps(store, index, segment)) {
              segment.removeIndex(index.oid());
              if (segment instanceof SealedSegment sealed) {
                sealed.forgetSaved(index.oid());
              }
              segment.addIndex(made);
              taken[0] = true;
              services.builder().notice(store); // Rows that were appended meanwhile.
            }
          });
    } finally {
      if (!taken[0]) {
        made.close();
      }
    }
  }

  /// Whether a segment still is the table's, and the table still has the index.
  private boolean keeps(TableStore store, IndexDefinition index, Segment segment) {
    Optional<Segment> now = store.segment(segment.id());
    return services.state().isCurrent(store)
        && store.definition().index(index.oid()).isPresent()
        && now.isPresent()
        && now.get() == segment;
  }
}
