package io.alidade.storage.table;

import com.carrotsearch.hppc.LongLongHashMap;
import io.alidade.storage.segment.MutableSegment;
import io.alidade.storage.segment.RootFate;
import io.alidade.storage.segment.Segment;
import java.util.List;

/// Finds the updates of a commit that leave all vectors alone, so that no graph learns of the new
/// versions: they are entered as heap-only versions of the ones that the graphs know.
///
/// For the committer alone. Told of the versions that a commit ends, then of those that it adds.
final class UpdatedRows implements MutableSegment.Appended {
  /// So many rows of one commit are remembered; versions of further ones are ordinary.
  static final int MOST = 1 << 22;

  /// By row id, the segment's place among [#segments] and the ordinal.
  private LongLongHashMap ended = new LongLongHashMap();

  private List<Segment> segments = List.of();

  /// Begins to take the rows that a commit ends, or goes on.
  ///
  /// @param now the table's segments
  void begin(List<Segment> now) {
    segments = now;
  }

  void ended(long rowId, int segment, int ordinal) {
    if (ended.size() < MOST) {
      ended.put(rowId, (long) segment << Integer.SIZE | ordinal);
    }
  }

  @Override
  public void version(MutableSegment segment, int ordinal) {
    if (ended.isEmpty()) {
      return;
    }
    long place = ended.getOrDefault(segment.rowId(ordinal), -1);
    if (place < 0) {
      return;
    }
    Segment before = segments.get((int) (place >>> Integer.SIZE));
    int old = (int) place;
    if (Segment.haveSameVectors(segment, ordinal, before, old)) {
      if (before.isHeapOnly(old)) {
        RootFate.Link link = RootFate.root(before, old, segments);
        segment.addHeapOnly(ordinal, link.roots().id(), link.root());
      } else {
        segment.addHeapOnly(ordinal, before.id(), old);
      }
    }
  }

  /// Forgets the commit.
  void end() {
    if (!ended.isEmpty()) {
      ended = new LongLongHashMap(); // Clearing would keep the largest commit's memory.
    }
    segments = List.of();
  }
}
