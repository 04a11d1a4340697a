package io.alidade.engine.hnsw;

import io.alidade.engine.memory.AddressSpace;
import io.alidade.engine.memory.LinePrefetch;
import io.alidade.engine.memory.OffHeapArea;
import io.alidade.engine.memory.RecordTable;
import java.lang.invoke.VarHandle;
import java.util.Optional;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/// The adjacency of a graph in flat off-heap records.
///
/// Each ordinal has one integer (its layers and where its upper records begin; 0 if it is not in
/// the graph) and one record of `2m` neighbour ids for the bottom layer; each upper layer of a node
/// has a record of `m` ids. A record ends with its last id or the first negative number. Records
/// are aligned to cache lines. In a saved graph the codes of the neighbours may follow each
/// record's ids, in the order of the ids: what a search reads at a node then lies in one place.
///
/// Readers take no locks: a list that is being rewritten shows a mixture of old and new neighbours,
/// all of them nodes of the graph. A writer holds [#lock] of the node whose list it changes. A node
/// is linked to only when its own lists are complete, and a fence orders that.
///
/// A node that is taken out is marked so, and its records stay as they are: a reader that came upon
/// it before it was unlinked can go on from there, whenever that is.
final class HnswGraph {
  /// The highest layer a node can have.
  static final int MAX_LEVEL = 15;

  static final int NO_ENTRY = -1;

  private static final int LEVEL_BITS = 5;
  private static final int LEVEL_MASK = (1 << LEVEL_BITS) - 1;

  /// In a node's integer: it has been taken out.
  private static final int OUT = Integer.MIN_VALUE;

  private static final int LOCKS = 1024;

  /// All graphs share them, so that a graph of a few nodes costs little: nobody holds two at once,
  /// and there are far more than threads that link nodes.
  private static final Object[] SHARED_LOCKS =
      IntStream.range(0, LOCKS).mapToObj(_ -> new Object()).toArray();

  private static final int LINE_BYTES = 64;
  private static final int END = -1;

  private final int m;
  private final RecordTable nodes;
  private final RecordTable bottom;
  private final RecordTable upper;

  /// The bytes of the code beside each neighbour; 0 if there are none.
  private final int codeBytes;

  /// The keys of the neighbours beside their ids, kept while the graph can grow.
  private final Optional<Keys> keys;

  /// Which of the locks is the first node's.
  private final int firstLock = System.identityHashCode(this);

  private int upperCount;

  /// The entry point's level and ordinal, or [#NO_ENTRY].
  private volatile long entry;

  /// Which nodes may be linked to: all but those that are about to be taken out.
  private volatile IntPredicate linkable = Walk.EVERY;

  /// The records that hold neighbours' keys, and how many of each list were chosen together.
  private record Keys(
      RecordTable bottom, RecordTable upper, RecordTable bottomChosen, RecordTable upperChosen) {

    Keys(int m, OffHeapArea area) {
      this(
          RecordTable.growing(area, bottomStride(m)),
          RecordTable.growing(area, upperStride(m)),
          RecordTable.growing(area, Integer.BYTES),
          RecordTable.growing(area, Integer.BYTES));
    }

    void reserveBottom(int count) {
      bottom.reserve(count);
      bottomChosen.reserve(count);
    }

    void reserveUpper(int count) {
      upper.reserve(count);
      upperChosen.reserve(count);
    }
  }

  /// A graph that grows.
  HnswGraph(int m, OffHeapArea area) {
    this.m = m;
    this.nodes = RecordTable.growing(area, Integer.BYTES);
    this.bottom = RecordTable.growing(area, bottomStride(m));
    this.upper = RecordTable.growing(area, upperStride(m));
    this.codeBytes = 0;
    this.keys = Optional.of(new Keys(m, area));
    this.entry = NO_ENTRY;
  }

  /// A graph that lies in memory and does not change.
  ///
  /// @param codeBytes of the code beside each neighbour, in the records of both tables; 0 for none
  HnswGraph(
      int m,
      RecordTable nodes,
      RecordTable bottom,
      RecordTable upper,
      int upperCount,
      int codeBytes) {
    this.m = m;
    this.nodes = nodes;
    this.bottom = bottom;
    this.upper = upper;
    this.codeBytes = codeBytes;
    this.upperCount = upperCount;
    this.keys = Optional.empty();
    this.entry = NO_ENTRY;
  }

  /// The bytes of the ids of a bottom record.
  static int bottomStride(int m) {
    return stride(2 * m);
  }

  /// The bytes of the ids of an upper record.
  static int upperStride(int m) {
    return stride(m);
  }

  private static int stride(int ids) {
    return (ids * Integer.BYTES + LINE_BYTES - 1) & -LINE_BYTES;
  }

  int m() {
    return m;
  }

  /// The most neighbours a node may have on a layer.
  int maxNeighbors(int level) {
    return level == 0 ? 2 * m : m;
  }

  /// The bytes of the code beside each neighbour; 0 if there are none.
  int codeBytes() {
    return codeBytes;
  }

  /// The address of the code of a node's first neighbour, which lies beside the list; the others'
  /// follow. Only where there are such codes.
  long neighborCodes(int ordinal, int level) {
    return record(ordinal, level) + stride(maxNeighbors(level));
  }

  boolean isMutable() {
    return keys.isPresent();
  }

  RecordTable nodes() {
    return nodes;
  }

  RecordTable bottom() {
    return bottom;
  }

  RecordTable upper() {
    return upper;
  }

  int upperCount() {
    return upperCount;
  }

  boolean isEmpty() {
    return entry == NO_ENTRY;
  }

  /// The entry point with its level, read at one moment.
  long entry() {
    return entry;
  }

  static int entryOrdinal(long entry) {
    return (int) entry;
  }

  static int entryLevel(long entry) {
    return (int) (entry >>> Integer.SIZE);
  }

  void setEntry(int ordinal, int level) {
    entry = (long) level << Integer.SIZE | ordinal;
  }

  /// Makes the highest of some nodes the entry point, the first of several; none if there are none.
  ///
  /// @param count the ordinals below this are looked at
  void enterAtHighest(int count, IntPredicate candidates) {
    int highest = NO_ENTRY;
    int level = -1;
    for (int ordinal = 0; ordinal < count; ordinal++) {
      if (level(ordinal) > level && candidates.test(ordinal)) {
        highest = ordinal;
        level = level(ordinal);
      }
    }
    if (highest == NO_ENTRY) {
      entry = NO_ENTRY;
    } else {
      setEntry(highest, level);
    }
  }

  /// Which nodes may be linked to; [Walk#EVERY] itself if all may.
  IntPredicate linkable() {
    return linkable;
  }

  void setLinkable(IntPredicate nodes) {
    linkable = nodes;
  }

  Object lock(int ordinal) {
    return SHARED_LOCKS[firstLock + ordinal & LOCKS - 1];
  }

  /// A node's integer, 0 if it is not in the graph.
  int code(int ordinal) {
    return Math.max(0, AddressSpace.getInt(nodes.address(ordinal)));
  }

  boolean contains(int ordinal) {
    return code(ordinal) != 0;
  }

  /// Whether the ordinal is in the graph or was taken out of it.
  boolean isPlaced(int ordinal) {
    return AddressSpace.getInt(nodes.address(ordinal)) != 0;
  }

  /// The node's highest layer; -1 if it is not in the graph.
  int level(int ordinal) {
    return codeLevel(code(ordinal));
  }

  /// Takes a node out to which no other links. Readers may still be at it.
  void takeOut(int ordinal) {
    long at = nodes.address(ordinal);
    AddressSpace.putInt(at, AddressSpace.getInt(at) | OUT);
  }

  /// Takes back [#add] for a node that no reader can have come to.
  void forget(int ordinal) {
    AddressSpace.putInt(nodes.address(ordinal), 0);
  }

  private static int code(int level, int firstUpper) {
    return firstUpper << LEVEL_BITS | level + 1;
  }

  static int codeLevel(int code) {
    return (code & LEVEL_MASK) - 1;
  }

  static int codeFirstUpper(int code) {
    return (code & ~OUT) >>> LEVEL_BITS;
  }

  /// Makes room for the ordinals 0 to `count - 1`.
  void reserve(int count) {
    nodes.reserve(count);
    bottom.reserve(count);
    keys.orElseThrow().reserveBottom(count);
  }

  /// Gives a node its records, with no neighbours yet.
  void add(int ordinal, int level) {
    int first = level == 0 ? 0 : allocateUpper(level);
    Keys tables = keys.orElseThrow();
    AddressSpace.putInt(bottom.address(ordinal), END);
    AddressSpace.putInt(tables.bottomChosen.address(ordinal), 0);
    for (int i = 0; i < level; i++) {
      AddressSpace.putInt(upper.address(first + i), END);
      AddressSpace.putInt(tables.upperChosen.address(first + i), 0);
    }
    VarHandle.releaseFence();
    AddressSpace.putInt(nodes.address(ordinal), code(level, first));
  }

  private synchronized int allocateUpper(int level) {
    int first = upperCount;
    upperCount += level;
    upper.reserve(upperCount);
    keys.orElseThrow().reserveUpper(upperCount);
    return first;
  }

  private int upperRecord(int ordinal, int level) {
    return codeFirstUpper(AddressSpace.getInt(nodes.address(ordinal))) + level - 1;
  }

  private long record(int ordinal, int level) {
    return level == 0 ? bottom.address(ordinal) : upper.address(upperRecord(ordinal, level));
  }

  private long keyRecord(int ordinal, int level) {
    Keys tables = keys.orElseThrow();
    return level == 0
        ? tables.bottom.address(ordinal)
        : tables.upper.address(upperRecord(ordinal, level));
  }

  private long chosenRecord(int ordinal, int level) {
    Keys tables = keys.orElseThrow();
    return level == 0
        ? tables.bottomChosen.address(ordinal)
        : tables.upperChosen.address(upperRecord(ordinal, level));
  }

  /// Copies the neighbours of a node and returns how many there are.
  int neighbors(int ordinal, int level, int[] target) {
    long address = record(ordinal, level);
    int max = maxNeighbors(level);
    int count = 0;
    while (count < max) {
      int neighbor = AddressSpace.getInt(address + (long) count * Integer.BYTES);
      if (neighbor < 0) {
        break;
      }
      target[count++] = neighbor;
    }
    VarHandle.acquireFence(); // What was written before a neighbour was linked is seen from here.
    return count;
  }

  /// Whether a node has a neighbour on the bottom layer.
  boolean hasNeighbors(int ordinal) {
    return AddressSpace.getInt(bottom.address(ordinal)) >= 0;
  }

  /// Adds the lines of a node's list on the bottom layer; those above are few, and stay in cache.
  void prefetch(int ordinal, int level, LinePrefetch lines) {
    if (level == 0) {
      lines.add(bottom.address(ordinal), bottomStride(m));
    }
  }

  /// Copies the keys of a node's first neighbours.
  void neighborKeys(int ordinal, int level, int count, float[] target) {
    long address = keyRecord(ordinal, level);
    for (int i = 0; i < count; i++) {
      target[i] = AddressSpace.getFloat(address + (long) i * Float.BYTES);
    }
  }

  /// How many of a node's first neighbours are a choice: nearest first, and none nearer to another
  /// of them than to the node.
  int chosenNeighbors(int ordinal, int level) {
    return AddressSpace.getInt(chosenRecord(ordinal, level));
  }

  /// Replaces the neighbours of a node. What lies behind a list's end means nothing, so that end is
  /// overwritten only when the longer list is there.
  ///
  /// @param chosen how many of the first are a choice, as [#chosenNeighbors] tells
  void setNeighbors(
      int ordinal, int level, int[] neighbors, float[] neighborKeys, int count, int chosen) {
    AddressSpace.putInt(chosenRecord(ordinal, level), chosen);
    long ids = record(ordinal, level);
    long distances = keyRecord(ordinal, level);
    int max = maxNeighbors(level);
    int former = 0;
    while (former < max && AddressSpace.getInt(ids + (long) former * Integer.BYTES) >= 0) {
      former++;
    }
    for (int i = 0; i < count; i++) {
      AddressSpace.putFloat(distances + (long) i * Float.BYTES, neighborKeys[i]);
    }
    for (int i = former + 1; i < count; i++) {
      AddressSpace.putInt(ids + (long) i * Integer.BYTES, neighbors[i]);
    }
    if (count < max) {
      AddressSpace.putInt(ids + (long) count * Integer.BYTES, END);
    }
    VarHandle.releaseFence();
    for (int i = Math.min(count - 1, former); i >= 0; i--) {
      AddressSpace.putInt(ids + (long) i * Integer.BYTES, neighbors[i]);
    }
  }

  /// Adds a neighbour behind the `count` that a node has; there must be room.
  void appendNeighbor(int ordinal, int level, int count, int neighbor, float key) {
    long ids = record(ordinal, level);
    AddressSpace.putFloat(keyRecord(ordinal, level) + (long) count * Float.BYTES, key);
    if (count + 1 < maxNeighbors(level)) {
      AddressSpace.putInt(ids + (count + 1L) * Integer.BYTES, END);
    }
    VarHandle.releaseFence();
    AddressSpace.putInt(ids + (long) count * Integer.BYTES, neighbor);
  }
}
