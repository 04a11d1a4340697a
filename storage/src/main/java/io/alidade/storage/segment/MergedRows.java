package io.alidade.storage.segment;

import io.alidade.engine.hnsw.MergeSource;
import java.util.List;

/// The row versions of some sealed segments that one new segment is to hold: those that anybody may
/// still see, segment after segment, in their order.
///
/// The segments stay held as long as it is used.
public final class MergedRows {
  private final List<SealedSegment> inputs;

  /// For each input the new ordinals by the old ones.
  private final int[][] targets;

  private final int size;

  private MergedRows(List<SealedSegment> inputs, int[][] targets, int size) {
    this.inputs = inputs;
    this.targets = targets;
    this.size = size;
  }

  /// Chooses the versions.
  ///
  /// @param horizon nobody reads at a time before this: what was deleted by then is left out
  public static MergedRows of(List<SealedSegment> inputs, long horizon) {
    int[][] targets = new int[inputs.size()][];
    int next = 0;
    for (int i = 0; i < targets.length; i++) {
      SealedSegment input = inputs.get(i);
      targets[i] = new int[input.size()];
      for (int ordinal = 0; ordinal < targets[i].length; ordinal++) {
        targets[i][ordinal] = input.deleted(ordinal) <= horizon ? MergeSource.DROPPED : next++;
      }
    }
    return new MergedRows(List.copyOf(inputs), targets, next);
  }

  /// How many there are.
  public int size() {
    return size;
  }

  /// The segments that they are in.
  public List<SealedSegment> inputs() {
    return inputs;
  }

  /// The new ordinals of an input's versions, [MergeSource#DROPPED] for those left out; not a copy.
  public int[] targets(int input) {
    return targets[input];
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
      first = end;
      while (input < targets.length) {
        int[] of = targets[input];
        while (first < of.length && of[first] == MergeSource.DROPPED) {
          first++;
        }
        if (first < of.length) {
          end = first;
          while (end < of.length && of[end] != MergeSource.DROPPED) {
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
