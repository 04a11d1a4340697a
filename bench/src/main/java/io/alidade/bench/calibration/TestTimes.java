package io.alidade.bench.calibration;

import io.alidade.bench.filters.IntegerColumn;
import io.alidade.engine.filter.Filter;
import io.alidade.engine.hnsw.HnswIndex;
import io.alidade.engine.payload.ColumnReader;
import io.alidade.engine.payload.KeyRange;
import io.alidade.engine.payload.OrderedIndex;
import io.alidade.engine.payload.SealedOrderedIndex;
import io.alidade.engine.search.Checkpoint;
import io.alidade.engine.search.FilteredScan;
import io.alidade.engine.search.SegmentView;
import io.alidade.engine.vector.Distance;
import io.alidade.engine.vector.VectorStore;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;
import java.util.PrimitiveIterator;
import java.util.function.IntPredicate;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.IntStream;

/// The time of asking a row of integers in memory whether it is visible and matches, and of getting
/// it from an ordered index.
///
/// Views and filters of several kinds go through the same code before anything is timed, as in a
/// server; where there is only one of each, the compiler would make all of it one loop.
final class TestTimes {
  private static final int ROWS = 200_000;
  private static final int VALUES = 1000;
  private static final int WARM_UP = 10;
  private static final int[] IN_ORDER = IntStream.range(0, ROWS).toArray();

  private final IntegerColumn integers;
  private final OrderedIndex index;
  private final int[] order;

  private TestTimes() {
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(1);
    int[] values = new int[ROWS];
    order = new int[ROWS];
    for (int i = 0; i < ROWS; i++) {
      values[i] = random.nextInt(VALUES) - 20;
      order[i] = random.nextInt(ROWS);
    }
    integers = new IntegerColumn(values);
    List<ColumnReader> readers = List.of(integers);
    index =
        new SealedOrderedIndex(
            List.of(0), readers, MemorySegment.ofArray(SealedOrderedIndex.sort(readers, ROWS)));
  }

  /// Some ordinals, one after the other.
  private static final class Ordinals implements PrimitiveIterator.OfInt {
    private final int[] ordinals;
    private int next;

    Ordinals(int[] ordinals) {
      this.ordinals = ordinals;
    }

    @Override
    public boolean hasNext() {
      return next < ordinals.length;
    }

    @Override
    public int nextInt() {
      return ordinals[next++];
    }
  }

  private record View(IntegerColumn integers, IntPredicate visible) implements SegmentView {
    @Override
    public int size() {
      return ROWS;
    }

    @Override
    public int liveCount() {
      return ROWS;
    }

    @Override
    public boolean isVisible(int ordinal) {
      return visible.test(ordinal);
    }

    @Override
    public ColumnReader column(int columnIndex) {
      return integers;
    }

    @Override
    public List<OrderedIndex> orderedIndexes() {
      return List.of();
    }

    @Override
    public VectorStore vectors(int columnIndex) {
      throw new UnsupportedOperationException("integers");
    }

    @Override
    public Optional<HnswIndex> vectorIndex(int columnIndex, Distance distance) {
      return Optional.empty();
    }
  }

  /// Takes the times and prints the constants.
  static void print() {
    new TestTimes().measure();
  }

  private void measure() {
    Filter compare = new Filter.Compare(0, Filter.Comparison.LESS, 100);
    Filter not = new Filter.Not(new Filter.Compare(0, Filter.Comparison.EQUAL, 7));
    Filter in = new Filter.In(0, List.of(1, 5, 90, 200));
    Filter both = new Filter.And(List.of(compare, new Filter.IsNotNull(0)));
    Filter either = new Filter.Or(List.of(compare, in));
    View some = new View(integers, ordinal -> (ordinal & 7) != 0);
    View past = new View(integers, ordinal -> ordinal < ROWS / 2);
    View all = new View(integers, _ -> true);
    long seen = 0;
    for (int i = 0; i < WARM_UP; i++) {
      for (View view : List.of(some, past, all)) {
        for (Filter filter : List.of(Filter.ALL, compare, not, in, both, either)) {
          seen += inOrder(view, filter) + scattered(view, filter) + listed(view, filter);
        }
      }
    }
    double visibility = nanosARow(() -> scattered(all, Filter.ALL));
    double tested = nanosARow(() -> scattered(all, compare));
    double inOrder = nanosARow(() -> inOrder(all, compare));
    double listed = nanosARow(() -> listed(all, Filter.ALL));
    Constants.print("TEST_ROW", visibility);
    Constants.print("TEST_FILTER", tested - visibility);
    Constants.print("TEST_IN_ORDER", inOrder / tested);
    Constants.print("LIST_ROW", Math.max(0, listed - visibility));
    System.out.println("  // (" + seen + " rows seen)");
  }

  private static double nanosARow(Runnable work) {
    return Stopwatch.nanos(work) / ROWS;
  }

  private static long inOrder(View view, Filter filter) {
    return count(FilteredScan.of(new Ordinals(IN_ORDER), view, filter, Checkpoint.NONE));
  }

  private long scattered(View view, Filter filter) {
    return count(FilteredScan.of(new Ordinals(order), view, filter, Checkpoint.NONE));
  }

  private long listed(View view, Filter filter) {
    PrimitiveIterator.OfInt rows = index.range(KeyRange.ALL, OrderedIndex.Direction.ASCENDING);
    return count(FilteredScan.of(rows, view, filter, Checkpoint.NONE));
  }

  private static long count(FilteredScan scan) {
    long count = 0;
    while (scan.hasNext()) {
      int unused = scan.nextInt();
      count++;
    }
    return count;
  }
}
