package io.alidade.storage.table;

import io.alidade.engine.payload.ColumnReader;
import io.alidade.engine.payload.KeyRange;
import io.alidade.engine.payload.OrderedIndex;
import io.alidade.engine.payload.ValueOrder;
import io.alidade.engine.search.Checkpoint;
import io.alidade.engine.search.SegmentView;
import io.alidade.model.Lsn;
import io.alidade.storage.catalog.IndexDefinition;
import io.alidade.storage.catalog.TableDefinition;
import io.alidade.storage.segment.ChainedSnapshot;
import io.alidade.storage.segment.MutableSegment;
import io.alidade.storage.segment.Segment;
import io.alidade.storage.segment.SegmentSnapshot;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.PrimitiveIterator;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// A table's segments at a snapshot, held, with one transaction's overlay.
public final class SnapshotTableView implements TableView {
  private final TableDefinition definition;
  private final TableStore store;
  private final Lsn snapshot;
  private final List<Segment> held;
  private final List<SegmentSnapshot> segments;
  private volatile @Nullable List<SegmentView> vectorSegments;
  private final AtomicBoolean closed = new AtomicBoolean();

  private SnapshotTableView(
      TableDefinition definition,
      TableStore store,
      Lsn snapshot,
      List<Segment> held,
      List<SegmentSnapshot> segments) {
    this.definition = definition;
    this.store = store;
    this.snapshot = snapshot;
    this.held = held;
    this.segments = segments;
  }

  /// Takes a view.
  ///
  /// @param time the LSN to read shared segments at
  /// @param overlay the own transaction's changes, or null for none
  /// @param statement what the own transaction did in statements before this one is seen
  public static SnapshotTableView open(
      TableDefinition definition,
      TableStore store,
      long time,
      @Nullable Overlay overlay,
      long statement) {
    List<Segment> held = new ArrayList<>(store.holdSegments());
    if (overlay != null) {
      overlay.followMerges(held);
    }
    List<SegmentSnapshot> segments = new ArrayList<>(held.size() + 1);
    for (Segment segment : held) {
      var hidden = overlay == null ? null : overlay.hiddenOf(segment.id());
      SegmentSnapshot view = new SegmentSnapshot(segment, time, hidden, statement);
      segments.add(view);
    }
    if (overlay != null) {
      Optional<MutableSegment> own = overlay.rows();
      if (own.isPresent() && own.get().size() > 0 && own.get().tryHold()) {
        held.add(own.get());
        segments.add(new SegmentSnapshot(own.get(), statement - 1, null, 0));
      }
    }
    Lsn snapshot = new Lsn(time);
    return new SnapshotTableView(
        definition, store, snapshot, List.copyOf(held), List.copyOf(segments));
  }

  /// The contents it shows.
  public TableStore store() {
    return store;
  }

  /// The segment that a row is in.
  public Segment segment(RowReference row) {
    return held.get(row.segment());
  }

  @Override
  public TableDefinition definition() {
    return definition;
  }

  @Override
  public Lsn snapshot() {
    return snapshot;
  }

  @Override
  public List<SegmentView> segments() {
    requireOpen();
    return Collections.unmodifiableList(segments);
  }

  @Override
  public List<SegmentView> vectorSegments() {
    requireOpen();
    List<SegmentView> known = vectorSegments;
    if (known == null) {
      known = ChainedSnapshot.of(segments);
      vectorSegments = known;
    }
    return known;
  }

  @Override
  public RowReference found(int segment, int ordinal) {
    if (vectorSegments().get(segment) instanceof ChainedSnapshot chained) {
      long place = chained.place(ordinal);
      return new RowReference((int) (place >>> Integer.SIZE), (int) place);
    }
    return new RowReference(segment, ordinal);
  }

  @Override
  public @Nullable Object[] row(RowReference row) {
    requireOpen();
    return held.get(row.segment()).row(row.ordinal());
  }

  @Override
  public @Nullable Object[] row(RowReference row, int[] columns) {
    requireOpen();
    Segment segment = held.get(row.segment());
    @Nullable Object[] values = new @Nullable Object[columns.length];
    for (int i = 0; i < columns.length; i++) {
      values[i] = segment.column(columns[i]).get(row.ordinal());
    }
    return values;
  }

  @Override
  public Optional<RowReference> lookup(IndexDefinition index, List<@Nullable Object> key) {
    requireOpen();
    if (key.stream().anyMatch(Objects::isNull)) {
      return Optional.empty();
    }
    KeyRange range = KeyRange.equalTo(key);
    for (int i = 0; i < segments.size(); i++) {
      SegmentView segment = segments.get(i);
      Optional<OrderedIndex> ordered = held.get(i).orderedIndex(index.oid());
      PrimitiveIterator.OfInt found =
          ordered.isPresent()
              ? ordered.get().range(range, OrderedIndex.Direction.ASCENDING)
              : scan(segment, index.columns(), key, Checkpoint.NONE);
      while (found.hasNext()) {
        int ordinal = found.nextInt();
        if (ordinal < segment.size() && segment.isVisible(ordinal)) {
          return Optional.of(new RowReference(i, ordinal));
        }
      }
    }
    return Optional.empty();
  }

  /// Without the index: there is none, or it is the transaction's own and not committed.
  private static PrimitiveIterator.OfInt scan(
      SegmentView segment,
      List<Integer> columns,
      List<@Nullable Object> values,
      Checkpoint cancel) {
    List<ColumnReader> readers = columns.stream().map(segment::column).toList();
    return IntStream.range(0, segment.size())
        .filter(ordinal -> {
          if (ordinal % Checkpoint.ROWS_BETWEEN == 0) {
            cancel.pass();
          }
          for (int i = 0; i < values.size(); i++) {
            ColumnReader column = readers.get(i);
            Object value = column.get(ordinal);
            Object wanted = values.get(i);
            if (value == null
                || wanted == null
                || ValueOrder.of(column.type()).compare(value, wanted) != 0) {
              return false;
            }
          }
          return true;
        })
        .iterator();
  }

  @Override
  public List<RowReference> matching(
      List<Integer> columns, List<@Nullable Object> values, int limit, Checkpoint cancel) {
    requireOpen();
    List<RowReference> rows = new ArrayList<>();
    if (values.stream().anyMatch(Objects::isNull)) {
      return rows;
    }
    Optional<IndexDefinition> index = definition.indexOn(columns);
    for (int i = 0; i < segments.size() && rows.size() < limit; i++) {
      SegmentView segment = segments.get(i);
      int at = i;
      Optional<OrderedIndex> ordered =
          index.flatMap(found -> held.get(at).orderedIndex(found.oid()));
      PrimitiveIterator.OfInt found =
          ordered.isPresent()
              ? ordered
                  .get()
                  .range(
                      KeyRange.equalTo(inOrder(index.orElseThrow(), columns, values)),
                      OrderedIndex.Direction.ASCENDING)
              : scan(segment, columns, values, cancel);
      while (found.hasNext() && rows.size() < limit) {
        int ordinal = found.nextInt();
        if (ordinal < segment.size() && segment.isVisible(ordinal)) {
          rows.add(new RowReference(i, ordinal));
        }
      }
    }
    return rows;
  }

  /// The values in the order of an index's first columns.
  private static List<@Nullable Object> inOrder(
      IndexDefinition index, List<Integer> columns, List<@Nullable Object> values) {
    List<@Nullable Object> key = new ArrayList<>();
    for (int i = 0; i < columns.size(); i++) {
      key.add(values.get(columns.indexOf(index.keys().get(i).column())));
    }
    return key;
  }

  @Override
  public long estimatedRows() {
    long rows = 0;
    for (SegmentView segment : segments) {
      rows += segment.liveCount();
    }
    return rows;
  }

  private void requireOpen() {
    if (closed.get()) {
      throw new IllegalStateException("the view of " + definition.name() + " is closed");
    }
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      held.forEach(Segment::release);
    }
  }
}
