package io.alidade.storage.segment;

import io.alidade.engine.hnsw.MergeSource;
import io.alidade.storage.segment.RootFate.Inherited;
import io.alidade.storage.segment.RootFate.Link;
import java.util.BitSet;
import java.util.List;
import java.util.function.IntConsumer;

/// The row versions of some sealed segments that one new segment is to hold: those that anybody may
/// still see, segment after segment, in their order.
///
/// A version that nobody sees stays, too, while it is the root of heap-only versions (see
/// [HeapOnlyVersions]) that are not merged with it. If all of them are, the oldest that is wanted
/// inherits: it is a root from then on, with the place in graphs that the one before had.
///
/// The segments stay held as long as it is used.
public final class MergedRows {
  private final List<SealedSegment> inputs;
  private final List<? extends Segment> all;

  /// Between two stretches somebody may end the merge.
  private static final int LONGEST_STRETCH = 1 << 16;

  /// For each input the new ordinals by the old ones.
  private final int[][] targets;

  /// The same of what graphs hold of each input: one that inherits has the place of its root.
  private final int[][] nodeTargets;

  private final BitSet heapOnly = new BitSet();
  private IntConsumer passed = _ -> {};
  private int size;

  private MergedRows(List<SealedSegment> inputs, List<? extends Segment> all) {
    this.inputs = List.copyOf(inputs);
    this.all = List.copyOf(all);
    this.targets = new int[inputs.size()][];
    this.nodeTargets = new int[inputs.size()][];
  }

  /// Chooses the versions.
  ///
  /// @param all the table's segments, the inputs among them
  /// @param horizon nobody reads at a time before this: what was deleted by then is left out
  public static MergedRows of(
      List<SealedSegment> inputs, List<? extends Segment> all, long horizon) {
    MergedRows rows = new MergedRows(inputs, all);
    boolean chained = all.stream().anyMatch(segment -> segment.heapOnly().isPresent());
    RootFate[] fates = new RootFate[inputs.size()];
    for (int i = 0; i < fates.length; i++) {
      fates[i] = new RootFate(inputs.get(i), inputs, chained ? all : List.of(), horizon);
      rows.targets[i] = rows.choose(inputs.get(i), fates[i], horizon);
      rows.nodeTargets[i] = rows.targets[i];
    }
    if (chained) {
      rows.placeNodes(fates);
    }
    return rows;
  }

  private int[] choose(SealedSegment input, RootFate fate, long horizon) {
    int[] chosen = new int[input.size()];
    for (int ordinal = 0; ordinal < chosen.length; ordinal++) {
      boolean stays = input.deleted(ordinal) > horizon || fate.stays(ordinal);
      chosen[ordinal] = stays ? size++ : MergeSource.DROPPED;
    }
    return chosen;
  }

  private void placeNodes(RootFate[] fates) {
    for (int i = 0; i < fates.length; i++) {
      int[] nodes = targets[i].clone();
      for (int ordinal = 0; ordinal < nodes.length; ordinal++) {
        if (inputs.get(i).isHeapOnly(ordinal)) {
          if (nodes[ordinal] != MergeSource.DROPPED) {
            heapOnly.set(nodes[ordinal]);
          }
          nodes[ordinal] = MergeSource.DROPPED;
        }
      }
      nodeTargets[i] = nodes;
    }
    for (int i = 0; i < fates.length; i++) {
      for (Inherited inherited : fates[i].inherited()) {
        int heir = targets[inherited.input()][inherited.version()];
        nodeTargets[i][inherited.root()] = heir;
        heapOnly.clear(heir);
      }
    }
  }

  /// Has somebody told of every stretch of a column that is read, with its length; what that throws
  /// ends the reading.
  public void watch(IntConsumer watcher) {
    passed = watcher;
  }

  /// How many there are.
  public int size() {
    return size;
  }

  /// The segments that they are in.
  public List<SealedSegment> inputs() {
    return inputs;
  }

  /// The new ordinals of what graphs hold of an input's versions, [MergeSource#DROPPED] for those
  /// left out; not a copy.
  public int[] nodeTargets(int input) {
    return nodeTargets[input];
  }

  boolean hasHeapOnly() {
    return !heapOnly.isEmpty();
  }

  boolean isHeapOnly(int target) {
    return heapOnly.get(target);
  }

  /// Enters the heap-only versions of the new segment, which nobody reads yet.
  public void enterHeapOnly(SealedSegment merged) {
    for (int i = 0; i < inputs.size(); i++) {
      SealedSegment input = inputs.get(i);
      for (int ordinal = 0; ordinal < targets[i].length; ordinal++) {
        int target = targets[i][ordinal];
        if (target != MergeSource.DROPPED && heapOnly.get(target)) {
          enterHeapOnly(merged, target, input, ordinal);
        }
      }
    }
  }

  private void enterHeapOnly(SealedSegment merged, int target, SealedSegment input, int ordinal) {
    Link link = RootFate.root(input, ordinal, all);
    int rootInput = inputs.indexOf(link.roots());
    if (rootInput < 0) {
      merged.addHeapOnly(target, link.roots().id(), link.root());
      return;
    }
    int root = nodeTargets[rootInput][link.root()];
    if (root == MergeSource.DROPPED) {
      throw new IllegalStateException(
          "the root of row version %d of segment %d is gone".formatted(ordinal, input.id()));
    }
    merged.addHeapOnly(target, merged.id(), root);
  }

  /// Tells the heap-only versions of another segment of the table that their roots have moved.
  ///
  /// @param merged the new segment
  public void follow(Segment other, long merged) {
    for (int i = 0; i < inputs.size(); i++) {
      int[] to = nodeTargets[i];
      long from = inputs.get(i).id();
      other
          .heapOnly()
          .ifPresent(versions ->
              versions.of(from).ifPresent(chains -> versions.follow(chains, merged, to)));
    }
  }

  /// All of them in order, as stretches that lie behind each other in one segment.
  Runs runs() {
    return new Runs();
  }

  /// A walk over all stretches.
  final class Runs {
    private int input;
    private int first;
    private int end;

    /// Goes to the next stretch, at first to the first one.
    ///
    /// @return whether there is one
    boolean next() {
      passed.accept(end - first);
      first = end;
      while (input < targets.length) {
        int[] of = targets[input];
        while (first < of.length && of[first] == MergeSource.DROPPED) {
          first++;
        }
        if (first < of.length) {
          end = first;
          while (end < of.length
              && end - first < LONGEST_STRETCH
              && of[end] != MergeSource.DROPPED) {
            end++;
          }
          return true;
        }
        input++;
        first = 0;
        end = 0;
      }
      return false;
    }

    SealedSegment segment() {
      return inputs.get(input);
    }

    /// The first ordinal of the stretch.
    int first() {
      return first;
    }

    /// The ordinal behind its last one.
    int end() {
      return end;
    }
  }
}
