package io.alidade.storage.segment;

import io.alidade.engine.hnsw.HnswIndex;
import io.alidade.engine.payload.ColumnReader;
import io.alidade.engine.payload.KeyRange;
import io.alidade.engine.payload.OrderedIndex;
import io.alidade.engine.search.SegmentView;
import io.alidade.engine.vector.Distance;
import io.alidade.engine.vector.VectorStore;
import io.alidade.model.ColumnType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.PrimitiveIterator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// A segment as a search for nearest rows reads it where there are heap-only versions (see
/// [HeapOnlyVersions]): an ordinal stands for a vector, and is there if the row that has this
/// vector is visible, in whatever segment its visible version is.
///
/// So the ordinal of a root that has ended has the values of the version after it, and heap-only
/// versions are not there themselves. [#place] tells which version an ordinal stands for.
public final class ChainedSnapshot implements SegmentView {
  private static final long NOWHERE = -1;

  private final SegmentSnapshot rows;
  private final int number;
  private final List<Link> links;
  private final List<OrderedIndex> orderedIndexes = new ArrayList<>();

  /// A segment with versions whose roots are here.
  private record Link(int number, SegmentSnapshot rows, HeapOnlyVersions.Chains chains) {

    /// The visible version with a root, or [HeapOnlyVersions#NONE].
    int visible(int root) {
      int version = chains.newest(root);
      while (version != HeapOnlyVersions.NONE && !rows.hasBegun(version)) {
        version = chains.before(version); // Younger than the snapshot.
      }
      // If this one has ended, those before it have, too.
      return version != HeapOnlyVersions.NONE && rows.isVisible(version)
          ? version
          : HeapOnlyVersions.NONE;
    }
  }

  private ChainedSnapshot(SegmentSnapshot rows, int number, List<Link> links) {
    this.rows = rows;
    this.number = number;
    this.links = links;
    for (var index : rows.segment().orderedIndexes().entrySet()) {
      chained(index.getKey(), index.getValue()).ifPresent(orderedIndexes::add);
    }
  }

  /// The views of a table's segments for a search.
  ///
  /// @param segments of one snapshot
  /// @return the same where there are no heap-only versions
  public static List<SegmentView> of(List<SegmentSnapshot> segments) {
    boolean found = false;
    for (SegmentSnapshot segment : segments) {
      found |= segment.segment().heapOnly().isPresent();
    }
    if (!found) {
      return List.copyOf(segments);
    }
    List<SegmentView> views = new ArrayList<>();
    for (int i = 0; i < segments.size(); i++) {
      SegmentSnapshot segment = segments.get(i);
      List<Link> links = links(segment.segment().id(), segments);
      boolean plain = links.isEmpty() && segment.segment().heapOnly().isEmpty();
      views.add(plain ? segment : new ChainedSnapshot(segment, i, links));
    }
    return views;
  }

  private static List<Link> links(long roots, List<SegmentSnapshot> segments) {
    List<Link> links = new ArrayList<>();
    for (int i = 0; i < segments.size(); i++) {
      SegmentSnapshot segment = segments.get(i);
      int number = i;
      segment
          .segment()
          .heapOnly()
          .flatMap(versions -> versions.of(roots))
          .ifPresent(chains -> links.add(new Link(number, segment, chains)));
    }
    return links;
  }

  /// The version that a visible ordinal stands for.
  ///
  /// @return the number of its segment in the upper half, its ordinal in the lower
  public long place(int ordinal) {
    if (rows.isVisible(ordinal)) {
      return pair(number, ordinal);
    }
    long linked = linked(ordinal);
    return linked == NOWHERE
        ? pair(number, ordinal)
        : pair(links.get((int) (linked >>> Integer.SIZE)).number, (int) linked);
  }

  private static long pair(int upper, int lower) {
    return (long) upper << Integer.SIZE | lower;
  }

  /// The visible version with a root: the place of its link, and its ordinal.
  private long linked(int root) {
    for (int i = 0; i < links.size(); i++) { // Searches allocate nothing.
      int version = links.get(i).visible(root);
      if (version != HeapOnlyVersions.NONE) {
        return pair(i, version);
      }
    }
    return NOWHERE;
  }

  @Override
  public int size() {
    return rows.size();
  }

  @Override
  public boolean isVisible(int ordinal) {
    return rows.isVisible(ordinal)
        ? !rows.segment().isHeapOnly(ordinal)
        : linked(ordinal) != NOWHERE;
  }

  @Override
  public int next(int ordinal) {
    Optional<HeapOnlyVersions> passedOver = rows.segment().heapOnly();
    return passedOver.isEmpty() ? ordinal : passedOver.get().nextOther(ordinal, rows.size());
  }

  @Override
  public int liveCount() {
    int live = rows.liveCount() - heapOnly(rows);
    for (Link link : links) {
      live += heapOnly(link.rows);
    }
    return Math.clamp(live, 0, rows.size());
  }

  /// How many of a segment's live versions are heap-only, about.
  private static int heapOnly(SegmentSnapshot segment) {
    int count = segment.segment().heapOnly().map(HeapOnlyVersions::count).orElse(0);
    return Math.min(count, segment.liveCount());
  }

  @Override
  public VectorStore vectors(int columnIndex) {
    return rows.vectors(columnIndex);
  }

  @Override
  public Optional<HnswIndex> vectorIndex(int columnIndex, Distance distance) {
    return rows.vectorIndex(columnIndex, distance);
  }

  @Override
  public ColumnReader column(int columnIndex) {
    ColumnReader[] linked = new ColumnReader[links.size()];
    for (int i = 0; i < linked.length; i++) {
      linked[i] = links.get(i).rows.column(columnIndex);
    }
    return new Column(rows.column(columnIndex), linked);
  }

  @Override
  public List<OrderedIndex> orderedIndexes() {
    return orderedIndexes;
  }

  /// The values of the versions that ordinals stand for.
  private final class Column implements ColumnReader {
    private final ColumnReader own;
    private final ColumnReader[] linked;

    Column(ColumnReader own, ColumnReader[] linked) {
      this.own = own;
      this.linked = linked;
    }

    /// The place of a version's column in [#linked]; -1 for [#own].
    private long version(int ordinal) {
      return rows.isVisible(ordinal) ? NOWHERE : linked(ordinal);
    }

    private ColumnReader reader(long version) {
      return version == NOWHERE ? own : linked[(int) (version >>> Integer.SIZE)];
    }

    private int ordinal(long version, int ordinal) {
      return version == NOWHERE ? ordinal : (int) version;
    }

    @Override
    public ColumnType type() {
      return own.type();
    }

    @Override
    public boolean isNull(int ordinal) {
      long version = version(ordinal);
      return reader(version).isNull(ordinal(version, ordinal));
    }

    @Override
    public long getLong(int ordinal) {
      long version = version(ordinal);
      return reader(version).getLong(ordinal(version, ordinal));
    }

    @Override
    public double getDouble(int ordinal) {
      long version = version(ordinal);
      return reader(version).getDouble(ordinal(version, ordinal));
    }

    @Override
    public @Nullable Object get(int ordinal) {
      long version = version(ordinal);
      return reader(version).get(ordinal(version, ordinal));
    }
  }

  /// An index over the values that ordinals stand for, if each segment that they are in has it.
  private Optional<OrderedIndex> chained(int oid, OrderedIndex own) {
    List<OrderedIndex> linked = new ArrayList<>();
    for (Link link : links) {
      link.rows.segment().orderedIndex(oid).ifPresent(linked::add);
    }
    return linked.size() == links.size() ? Optional.of(new Index(own, linked)) : Optional.empty();
  }

  /// Lists what is visible only, segment after segment.
  private final class Index implements OrderedIndex {
    private final OrderedIndex own;
    private final List<OrderedIndex> linked;

    Index(OrderedIndex own, List<OrderedIndex> linked) {
      this.own = own;
      this.linked = linked;
    }

    @Override
    public List<Integer> columns() {
      return own.columns();
    }

    @Override
    public PrimitiveIterator.OfInt range(KeyRange range, Direction direction) {
      IntStream found =
          ordinals(own, range, direction)
              .filter(ordinal ->
                  ordinal < rows.size()
                      && rows.isVisible(ordinal)
                      && !rows.segment().isHeapOnly(ordinal));
      for (int i = 0; i < linked.size(); i++) {
        Link link = links.get(i);
        IntStream roots =
            ordinals(linked.get(i), range, direction)
                .filter(version ->
                    link.rows.hasBegun(version)
                        && link.chains.root(version) != HeapOnlyVersions.NONE
                        && link.rows.isVisible(version))
                .map(link.chains::root);
        found = IntStream.concat(found, roots);
      }
      return found.iterator();
    }

    private static IntStream ordinals(OrderedIndex index, KeyRange range, Direction direction) {
      PrimitiveIterator.OfInt ordinals = index.range(range, direction);
      return IntStream.generate(() -> 0) // Lazily, as the iterator is.
          .takeWhile(_ -> ordinals.hasNext())
          .map(_ -> ordinals.nextInt());
    }

    @Override
    public int count(KeyRange range, int limit) {
      int count = own.count(range, limit);
      for (OrderedIndex index : linked) {
        count += count < limit ? index.count(range, limit - count) : 0;
      }
      return count;
    }
  }
}
