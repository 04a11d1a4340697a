package io.alidade.storage.segment;

import io.alidade.engine.memory.OffHeapArea;
import io.alidade.engine.memory.RecordTable;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/// The versions of a segment that no graph holds, because an earlier version of their row with the
/// same vectors is in one: their *root* (PostgreSQL's heap-only tuples do the same for all its
/// indexes).
///
/// A root may be in any segment of the table, this one too. It stays where it is when it has ended,
/// so a search that comes to it goes on to the version that its snapshot shows: through [Chains],
/// from the newest version with that root to the ones before it.
///
/// One writer, any number of readers; a version is entered before the segment's size tells of it.
/// Shared by the mutable segment and the sealed one that is made of it.
public final class HeapOnlyVersions {
  /// What stands for no version.
  public static final int NONE = -1;

  private static final int STRIDE = Integer.BYTES;

  private static final int BLOCK_SHIFT = 10;
  private static final int BLOCK = 1 << BLOCK_SHIFT;

  /// In [#previous]: not a heap-only version.
  private static final int ORDINARY = 0;

  /// In [#previous]: one with none before it here. A number above is an ordinal and 2.
  private static final int FIRST = 1;

  private final OffHeapArea area = new OffHeapArea();
  private final AtomicInteger holders = new AtomicInteger(1);

  /// For each version the one before it here that has the same root.
  private final IntTable previous = new IntTable(area);

  /// How many there are in each block of [#BLOCK] ordinals, for scans to pass over.
  private final IntTable inBlock = new IntTable(area);

  private volatile List<Chains> chains = List.of();
  private volatile int count;

  /// Integers by ordinal, zero where none was put.
  private static final class IntTable {
    private final RecordTable records;
    private volatile int end;

    IntTable(OffHeapArea area) {
      records = RecordTable.growing(area, STRIDE);
    }

    int get(int index) {
      return index < end ? Memory.getInt(records.address(index)) : 0;
    }

    void put(int index, int value) {
      if (index >= end) {
        records.reserve(index + 1);
        end = index + 1;
      }
      Memory.putInt(records.address(index), value);
    }

    int end() {
      return end;
    }
  }

  /// The versions whose roots are in one segment.
  public final class Chains {
    private final long rootSegment;

    /// For each root the newest version, and 1.
    private final IntTable newest = new IntTable(area);

    /// For each version its root, and 1.
    private final IntTable roots = new IntTable(area);

    private Chains(long rootSegment) {
      this.rootSegment = rootSegment;
    }

    /// The segment with the roots.
    public long rootSegment() {
      return rootSegment;
    }

    /// The newest version with a root, or [#NONE].
    public int newest(int root) {
      int version = newest.get(root) - 1;
      VarHandle.acquireFence(); // What was written of it before.
      return version;
    }

    /// The version before one that has the same root, or [#NONE].
    public int before(int version) {
      return Math.max(NONE, previous.get(version) - 2);
    }

    /// The root of a version, or [#NONE] if it is in another segment.
    public int root(int version) {
      return roots.get(version) - 1;
    }

    /// The versions below this may have roots here.
    int end() {
      return roots.end();
    }

    /// Enters a version among those with its root, in the order of their beginning.
    private void add(int root, int version, Segment in) {
      int newer = NONE;
      int at = newest.get(root) - 1;
      while (at != NONE && in.created(at) > in.created(version)) {
        newer = at;
        at = before(at);
      }
      previous.put(version, at == NONE ? FIRST : at + 2);
      roots.put(version, root + 1);
      VarHandle.releaseFence();
      if (newer == NONE) {
        newest.put(root, version + 1);
      } else {
        previous.put(newer, version + 2);
      }
    }
  }

  /// Whether a version is one of these.
  public boolean contains(int version) {
    return previous.get(version) != ORDINARY;
  }

  /// The least ordinal that is not below this one and none of these, or `end`.
  public int nextOther(int ordinal, int end) {
    int next = ordinal;
    while (next < end) {
      int block = next >>> BLOCK_SHIFT;
      if (inBlock.get(block) == BLOCK) {
        next = (block + 1) << BLOCK_SHIFT;
      } else if (contains(next)) {
        next++;
      } else {
        return next;
      }
    }
    return end;
  }

  /// How many there are.
  public int count() {
    return count;
  }

  /// Those whose roots are in a segment.
  public Optional<Chains> of(long rootSegment) {
    List<Chains> now = chains;
    for (int i = 0; i < now.size(); i++) {
      if (now.get(i).rootSegment == rootSegment) {
        return Optional.of(now.get(i));
      }
    }
    return Optional.empty();
  }

  /// All chains; of a segment with roots that was merged there are those that it had, too.
  public List<Chains> all() {
    return chains;
  }

  /// Enters a version.
  ///
  /// @param in the segment of these versions, whose row `version` is complete
  public void add(Segment in, int version, long rootSegment, int root) {
    chains(rootSegment).add(root, version, in);
    int block = version >>> BLOCK_SHIFT;
    inBlock.put(block, inBlock.get(block) + 1);
    count++;
  }

  /// Tells that roots are elsewhere now, beside where they were: views may still look there.
  ///
  /// @param rootSegment where they are now
  /// @param targets by their ordinals before those of now; negative for what is gone
  public void follow(Chains before, long rootSegment, int[] targets) {
    Chains now = chains(rootSegment);
    for (int version = 0; version < before.end(); version++) {
      int root = before.root(version);
      if (root != NONE && targets[root] >= 0) {
        now.roots.put(version, targets[root] + 1);
      }
    }
    for (int root = 0; root < targets.length; root++) {
      int version = before.newest(root);
      if (version != NONE && targets[root] >= 0) {
        now.newest.put(targets[root], version + 1);
      }
    }
  }

  private Chains chains(long rootSegment) {
    Optional<Chains> there = of(rootSegment);
    if (there.isPresent()) {
      return there.get();
    }
    Chains added = new Chains(rootSegment);
    List<Chains> more = new ArrayList<>(chains);
    more.add(added);
    chains = List.copyOf(more);
    return added;
  }

  /// Holds the memory for another segment.
  HeapOnlyVersions hold() {
    holders.incrementAndGet();
    return this;
  }

  /// Lets go of it; the last one frees it.
  void release() {
    if (holders.decrementAndGet() == 0) {
      area.close();
    }
  }
}
