package io.alidade.sql.execute;

import io.alidade.engine.filter.Filter;
import io.alidade.engine.payload.ColumnReader;
import io.alidade.engine.payload.KeyRange;
import io.alidade.engine.payload.OrderedIndex;
import io.alidade.engine.payload.OrderedIndex.Direction;
import io.alidade.engine.payload.ValueOrder;
import io.alidade.engine.search.FilteredScan;
import io.alidade.engine.search.SegmentView;
import io.alidade.sql.execute.row.GeneratedRows;
import io.alidade.sql.execute.row.RowCursor;
import io.alidade.sql.execute.row.RowGenerator;
import io.alidade.sql.plan.PlanNode;
import io.alidade.storage.catalog.TableDefinition;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.PrimitiveIterator;
import org.jspecify.annotations.Nullable;

/// Reads the rows of a table in the order of an index, merging the segments' orders.
final class OrderedScanNode implements ExecutableNode {
  private final PlanNode.OrderedScan scan;
  private final TableDefinition table;
  private final ScanFilter filter;
  private final RowLayout layout;

  OrderedScanNode(PlanNode.OrderedScan scan, ScanFilter filter) {
    this.scan = scan;
    this.table = scan.table().definition();
    this.filter = filter;
    this.layout = new RowLayout(scan.table(), 0);
  }

  @Override
  public RowCursor open(ExecutionContext context) {
    List<SegmentView> segments = context.view(table.oid()).segments();
    Filter bound = filter.bind(context);
    List<Source> sources = new ArrayList<>(segments.size());
    for (int i = 0; i < segments.size(); i++) {
      SegmentView segment = segments.get(i);
      PrimitiveIterator.OfInt ordinals = ordinals(segment);
      sources.add(
          new Source(
              FilteredScan.of(ordinals, segment, bound, context.checkpoint()),
              layout.reader(segment, i, table.columns().size()),
              keys(segment)));
    }
    return new GeneratedRows(new Merge(sources), context.checkpoint(), () -> {});
  }

  private ColumnReader[] keys(SegmentView segment) {
    return scan.index().columns().stream().map(segment::column).toArray(ColumnReader[]::new);
  }

  private PrimitiveIterator.OfInt ordinals(SegmentView segment) {
    Optional<OrderedIndex> index =
        segment.orderedIndexes().stream()
            .filter(candidate -> candidate.columns().equals(scan.index().columns()))
            .findFirst();
    if (index.isPresent()) {
      return index.get().range(KeyRange.ALL, scan.direction());
    }
    // The rows of the own transaction are few and may have no index.
    ColumnReader[] keys = keys(segment);
    List<@Nullable Object[]> rows = new ArrayList<>();
    for (int ordinal = 0; ordinal < segment.size(); ordinal++) {
      @Nullable Object[] key = new @Nullable Object[keys.length + 1];
      for (int i = 0; i < keys.length; i++) {
        key[i] = keys[i].get(ordinal);
      }
      key[keys.length] = ordinal;
      rows.add(key);
    }
    rows.sort(order());
    return rows.stream().mapToInt(row -> (Integer) last(row)).iterator();
  }

  private static Object last(@Nullable Object[] row) {
    Object value = row[row.length - 1];
    if (value == null) {
      throw new IllegalStateException("a key without its ordinal");
    }
    return value;
  }

  private Comparator<@Nullable Object[]> order() {
    List<Comparator<@Nullable Object>> orders = new ArrayList<>();
    for (int column : scan.index().columns()) {
      orders.add(ValueOrder.nullsLast(ValueOrder.of(table.columns().get(column).type())));
    }
    Comparator<@Nullable Object[]> ascending =
        (left, right) -> {
          for (int i = 0; i < orders.size(); i++) {
            int order = orders.get(i).compare(left[i], right[i]);
            if (order != 0) {
              return order;
            }
          }
          return 0;
        };
    return scan.direction() == Direction.ASCENDING ? ascending : ascending.reversed();
  }

  /// One segment's rows in order, of which the next one's key is looked at.
  private static final class Source {
    private final FilteredScan ordinals;
    private final RowLayout.Reader reader;
    private final ColumnReader[] keys;
    private @Nullable Object @Nullable [] head;
    private int ordinal;

    Source(FilteredScan ordinals, RowLayout.Reader reader, ColumnReader[] keys) {
      this.ordinals = ordinals;
      this.reader = reader;
      this.keys = keys;
    }

    void advance() {
      if (!ordinals.hasNext()) {
        head = null;
        return;
      }
      ordinal = ordinals.nextInt();
      @Nullable Object[] key = new @Nullable Object[keys.length];
      for (int i = 0; i < keys.length; i++) {
        key[i] = keys[i].get(ordinal);
      }
      head = key;
    }
  }

  private final class Merge implements RowGenerator {
    private final List<Source> sources;
    private final Comparator<@Nullable Object[]> order = order();
    private boolean started;

    Merge(List<Source> sources) {
      this.sources = sources;
    }

    @Override
    public @Nullable Object @Nullable [] next() {
      if (!started) {
        started = true;
        sources.forEach(Source::advance);
      }
      Source first = null;
      @Nullable Object @Nullable [] firstHead = null;
      for (Source source : sources) {
        @Nullable Object @Nullable [] head = source.head;
        if (head != null && (firstHead == null || order.compare(head, firstHead) < 0)) {
          first = source;
          firstHead = head;
        }
      }
      if (first == null) {
        return null;
      }
      @Nullable Object[] row = first.reader.row(first.ordinal);
      first.advance();
      return row;
    }
  }
}
