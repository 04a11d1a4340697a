package io.alidade.storage.segment;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What becomes of the roots of one segment (see [HeapOnlyVersions]) that nobody sees any more when
/// it is merged.
public final class RootFate {
  private final List<Versions> versions = new ArrayList<>();
  private final List<Inherited> inherited = new ArrayList<>();
  private final BitSet met = new BitSet();
  private final long horizon;

  /// A segment with versions of these roots.
  ///
  /// @param input its place among those that are merged, or -1
  private record Versions(Segment segment, HeapOnlyVersions.Chains chains, int input) {}

  /// A version that is a root from now on.
  ///
  /// @param root the ordinal of its root
  /// @param input the place of its segment among those that are merged
  /// @param version its ordinal
  record Inherited(int root, int input, int version) {}

  /// Where the root of a version is.
  public record Link(Segment roots, int root) {}

  /// @param inputs the segments that are merged
  /// @param all the table's segments
  public RootFate(
      SealedSegment roots, List<SealedSegment> inputs, List<? extends Segment> all, long horizon) {
    this.horizon = horizon;
    for (Segment segment : all) {
      segment
          .heapOnly()
          .flatMap(heapOnly -> heapOnly.of(roots.id()))
          .ifPresent(
              chains -> versions.add(new Versions(segment, chains, inputs.indexOf(segment))));
    }
  }

  /// Whether there may be anything to follow.
  public boolean isTrivial() {
    return versions.isEmpty();
  }

  /// Decides about a root that has ended.
  ///
  /// @return whether it has to stay
  public boolean stays(int root) {
    long earliest = Segment.NEVER;
    @Nullable Inherited heir = null;
    for (Versions of : versions) {
      int version = of.chains.newest(root);
      // Those before one that ended by then ended earlier.
      while (version != HeapOnlyVersions.NONE && of.segment.deleted(version) > horizon) {
        if (of.input < 0) {
          return true;
        }
        met.set(of.input);
        if (of.segment.created(version) < earliest) {
          earliest = of.segment.created(version);
          heir = new Inherited(root, of.input, version);
        }
        version = of.chains.before(version);
      }
    }
    if (heir != null) {
      inherited.add(heir);
    }
    return false;
  }

  /// The versions that inherit, as was decided so far.
  List<Inherited> inherited() {
    return inherited;
  }

  /// How many roots have an heir, as was decided so far.
  public int heirs() {
    return inherited.size();
  }

  /// The places of the segments without which they would have to stay.
  public BitSet kin() {
    return met;
  }

  /// The root of a heap-only version among a table's segments.
  public static Link root(Segment segment, int version, List<? extends Segment> all) {
    for (HeapOnlyVersions.Chains chains : segment.heapOnly().orElseThrow().all()) {
      int root = chains.root(version);
      if (root != HeapOnlyVersions.NONE) {
        for (Segment roots : all) {
          if (roots.id() == chains.rootSegment()) {
            return new Link(roots, root);
          }
        }
      }
    }
    throw new IllegalStateException(
        "row version %d of segment %d has no root".formatted(version, segment.id()));
  }
}
