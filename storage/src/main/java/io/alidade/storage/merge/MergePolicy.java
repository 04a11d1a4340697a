package io.alidade.storage.merge;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// Which sealed segments of a table are merged, and when.
///
/// Segments of about the same size are merged once there are [#FANOUT] of them, so that a row is
/// written again a few times in its life and a search meets a few segments of each size (the tiered
/// compaction of log-structured stores). A segment with many dead versions is written anew by
/// itself. What it takes to merge is somebody else's: this only chooses.
///
/// What Qdrant calls `deleted_threshold`, `max_segment_size` and `default_segment_number` are
/// [#deadShare], [#mostBytes] and [#segments]; its `vacuum_min_vector_number` is near to
/// [#deadAtLeast].
///
/// @param deadAtLeast a segment is written anew by itself when so many of its versions are dead...
/// @param deadShare ... and this share of all of them besides (PostgreSQL's
///   `autovacuum_vacuum_threshold` and `autovacuum_vacuum_scale_factor`)
/// @param mostBytes no merge makes more of segments that are not mostly dead: a search is not
///   slowed down by a few large ones
/// @param segments how many segments a table is to have at most; 0 for as many as their sizes ask
///   for
public record MergePolicy(long deadAtLeast, double deadShare, long mostBytes, int segments) {
  /// What is done unless something else is asked for.
  public static final MergePolicy DEFAULT = new MergePolicy(50, 0.2, 8L << 30, 0);

  /// So many segments of a size make one of the next.
  static final int FANOUT = 4;

  /// No merge makes more row versions: it keeps some 20 bytes of memory for each.
  static final long MOST_VERSIONS = 16 << 20;

  /// All below this are of one size.
  private static final long SMALLEST_BYTES = 4L << 20;

  public MergePolicy {
    if (deadAtLeast < 0 || !(deadShare >= 0) || mostBytes < 0 || segments < 0) {
      throw new IllegalArgumentException(
          "deadAtLeast %d, deadShare %s, mostBytes %d, segments %d"
              .formatted(deadAtLeast, deadShare, mostBytes, segments));
    }
  }

  /// What there is to know of a sealed segment.
  ///
  /// @param segment its identity
  /// @param versions how many versions it holds
  /// @param dead how many of them nobody can see any more, about
  /// @param bytes of its files
  /// @param withKin how many more would go if it were merged with its kin
  /// @param kin the segments with versions that graphs know by versions of this one
  public record Candidate(
      long segment, long versions, long dead, long bytes, long withKin, Set<Long> kin) {
    public Candidate {
      kin = Set.copyOf(kin);
    }

    /// A segment without kin.
    public Candidate(long segment, long versions, long dead, long bytes) {
      this(segment, versions, dead, bytes, 0, Set.of());
    }

    /// What is left when it has been written anew.
    long liveBytes() {
      return versions == 0 ? 0 : (long) ((double) bytes * (versions - dead - withKin) / versions);
    }

    /// Which size it is of.
    int tier() {
      int tier = 0;
      for (long above = liveBytes() / SMALLEST_BYTES; above > 0; above /= FANOUT) {
        tier++;
      }
      return tier;
    }
  }

  /// How much a `VACUUM` is to do.
  public enum Extent {
    /// Segments with dead versions, each for itself.
    DEAD_VERSIONS,
    /// All, into as few as may be.
    EVERYTHING
  }

  private boolean isMostlyWanted(Candidate segment, long gone) {
    return gone < deadAtLeast + deadShare * segment.versions;
  }

  /// What is to be merged now; empty if there is nothing to do.
  ///
  /// @param candidates in the order of the table
  public List<Candidate> next(List<Candidate> candidates) {
    for (Candidate segment : candidates) {
      if (!isMostlyWanted(segment, segment.dead)) {
        return List.of(segment);
      }
      if (!isMostlyWanted(segment, segment.dead + segment.withKin)
          && fits(withKin(segment, candidates))) {
        return withKin(segment, candidates);
      }
    }
    List<Candidate> bySize = new ArrayList<>(candidates);
    bySize.sort(Comparator.comparingLong(Candidate::liveBytes)); // Stable.
    if (segments > 0) {
      int surplus = candidates.size() - segments;
      List<Candidate> smallest = surplus > 0 ? bySize.subList(0, surplus + 1) : List.of();
      return fits(smallest) ? candidates.stream().filter(smallest::contains).toList() : List.of();
    }
    for (int from = 0; from + FANOUT <= bySize.size(); from++) {
      List<Candidate> some = bySize.subList(from, from + FANOUT);
      if (some.getFirst().tier() == some.getLast().tier() && fits(some)) {
        return candidates.stream().filter(some::contains).toList();
      }
    }
    return List.of();
  }

  /// What a `VACUUM` merges, one list after the other.
  public List<List<Candidate>> all(List<Candidate> segments, Extent extent) {
    return switch (extent) {
      case DEAD_VERSIONS -> families(segments);
      case EVERYTHING -> everything(segments);
    };
  }

  private static List<Candidate> withKin(Candidate segment, List<Candidate> segments) {
    return segments.stream()
        .filter(other -> other.equals(segment) || segment.kin.contains(other.segment))
        .toList();
  }

  /// The segments with versions that can go, each with its kin.
  private List<List<Candidate>> families(List<Candidate> segments) {
    List<Set<Candidate>> families = new ArrayList<>();
    for (Candidate segment : segments) {
      if (segment.dead + segment.withKin == 0) {
        continue;
      }
      Set<Candidate> family = new LinkedHashSet<>(withKin(segment, segments));
      List<Set<Candidate>> related =
          families.stream().filter(other -> !Collections.disjoint(other, family)).toList();
      related.forEach(family::addAll);
      if (fits(List.copyOf(family))) {
        families.removeAll(related);
        families.add(family);
      } else if (segment.dead > 0 && related.isEmpty()) {
        families.add(Set.of(segment));
      }
    }
    return families.stream()
        .map(family -> segments.stream().filter(family::contains).toList())
        .toList();
  }

  private List<List<Candidate>> everything(List<Candidate> segments) {
    List<List<Candidate>> merges = new ArrayList<>();
    List<Candidate> merge = new ArrayList<>();
    for (Candidate segment : segments) {
      merge.add(segment);
      if (merge.size() > 1 && !fits(merge)) {
        merge.removeLast();
        merges.add(merge);
        merge = new ArrayList<>(List.of(segment));
      }
    }
    merges.add(merge);
    merges.removeIf(
        it -> it.isEmpty() || (it.size() == 1 && it.getFirst().dead + it.getFirst().withKin == 0));
    return merges;
  }

  private boolean fits(List<Candidate> segments) {
    return segments.stream().mapToLong(Candidate::liveBytes).sum() <= mostBytes
        && segments.stream().mapToLong(it -> it.versions - it.dead - it.withKin).sum()
            <= MOST_VERSIONS;
  }
}
