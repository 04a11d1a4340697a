package io.alidade.storage.merge;

import static org.assertj.core.api.Assertions.assertThat;

import io.alidade.storage.merge.MergePolicy.Candidate;
import io.alidade.storage.merge.MergePolicy.Extent;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class MergePolicyTest {
  private static final long MB = 1 << 20;

  private static Candidate whole(long segment, long bytes) {
    return new Candidate(segment, 10_000, 0, bytes);
  }

  @Test
  void fewSegmentsStay() {
    assertThat(MergePolicy.DEFAULT.next(List.of())).isEmpty();
    assertThat(MergePolicy.DEFAULT.next(List.of(whole(0, MB), whole(1, MB), whole(2, MB))))
        .isEmpty();
  }

  @Test
  void asManyOfOneSizeAsMakeTheNextAreMerged() {
    List<Candidate> segments =
        List.of(whole(0, 900 * MB), whole(1, MB), whole(2, 2 * MB), whole(3, MB), whole(4, 3 * MB));

    assertThat(MergePolicy.DEFAULT.next(segments))
        .extracting(Candidate::segment)
        .containsExactly(1L, 2L, 3L, 4L);
  }

  @Test
  void segmentsOfDifferentSizesAreNotMerged() {
    assertThat(
            MergePolicy.DEFAULT.next(
                List.of(whole(0, 2000 * MB), whole(1, 500 * MB), whole(2, 100 * MB), whole(3, MB))))
        .isEmpty();
  }

  @Test
  void whatWouldBeTooLargeIsNotMerged() {
    long large = MergePolicy.DEFAULT.mostBytes() / 2;

    assertThat(
            MergePolicy.DEFAULT.next(
                List.of(whole(0, large), whole(1, large), whole(2, large), whole(3, large))))
        .isEmpty();
  }

  @Test
  void whatWouldHaveTooManyRowsIsNotMerged() {
    List<Candidate> segments = new ArrayList<>();
    for (int i = 0; i < MergePolicy.FANOUT; i++) {
      segments.add(new Candidate(i, MergePolicy.MOST_VERSIONS / 3, 0, MB));
    }

    assertThat(MergePolicy.DEFAULT.next(segments)).isEmpty();
    assertThat(MergePolicy.DEFAULT.all(segments, Extent.EVERYTHING))
        .containsExactly(segments.subList(0, 3));
  }

  @Test
  void aSegmentWithManyDeadVersionsIsWrittenAnewByItself() {
    Candidate few = new Candidate(0, 10_000, 2_000, MB);
    Candidate many = new Candidate(1, 10_000, 2_050, MB);

    assertThat(MergePolicy.DEFAULT.next(List.of(few))).isEmpty();
    assertThat(MergePolicy.DEFAULT.next(List.of(few, many))).containsExactly(many);
    assertThat(MergePolicy.DEFAULT.next(List.of(new Candidate(0, 40, 40, MB)))).isEmpty();
  }

  @Test
  void aLoadOfManySegmentsIsWrittenAFewTimesOnly() {
    List<Candidate> segments = new ArrayList<>();
    long written = 0;
    int most = 0;
    for (int load = 0; load < 1000; load++) {
      segments.add(whole(segments.size(), 4 * MB));
      for (List<Candidate> chosen = MergePolicy.DEFAULT.next(segments);
          !chosen.isEmpty();
          chosen = MergePolicy.DEFAULT.next(segments)) {
        long bytes = chosen.stream().mapToLong(Candidate::bytes).sum();
        written += bytes;
        segments.removeAll(chosen);
        List<Candidate> left = new ArrayList<>();
        segments.forEach(segment -> left.add(whole(left.size(), segment.bytes())));
        left.add(whole(left.size(), bytes));
        segments = left;
      }
      most = Math.max(most, segments.size());
    }
    // log4(1000) is 5.
    assertThat(written).isLessThanOrEqualTo(5 * 1000 * 4 * MB);
    assertThat(most).isLessThanOrEqualTo(5 * (MergePolicy.FANOUT - 1) + 1);
  }

  @Test
  void aVacuumTakesWhatHasDeadVersionsAndAFullOneTakesAll() {
    Candidate clean = whole(0, MB);
    Candidate dirty = new Candidate(1, 10_000, 1, MB);
    Candidate large = whole(2, MergePolicy.DEFAULT.mostBytes());

    assertThat(MergePolicy.DEFAULT.all(List.of(clean, dirty), Extent.DEAD_VERSIONS))
        .containsExactly(List.of(dirty));
    assertThat(MergePolicy.DEFAULT.all(List.of(clean, dirty, large), Extent.EVERYTHING))
        .containsExactly(List.of(clean, dirty));
    assertThat(MergePolicy.DEFAULT.all(List.of(clean), Extent.EVERYTHING)).isEmpty();
    assertThat(MergePolicy.DEFAULT.all(List.of(), Extent.EVERYTHING)).isEmpty();
  }

  @Test
  void aTableMayBeAskedToHaveSoManySegments() {
    MergePolicy three = new MergePolicy(50, 0.2, MergePolicy.DEFAULT.mostBytes(), 3);
    List<Candidate> segments =
        List.of(whole(0, 900 * MB), whole(1, MB), whole(2, 90 * MB), whole(3, 9 * MB));
    assertThat(three.next(segments)).containsExactly(segments.get(1), segments.get(3));
    assertThat(three.next(segments.subList(0, 3))).isEmpty();
  }

  @Test
  void thresholdsSayWhenDeadVersionsAreTooMany() {
    Candidate segment = new Candidate(0, 1000, 100, MB);
    assertThat(MergePolicy.DEFAULT.next(List.of(segment))).isEmpty();
    assertThat(new MergePolicy(0, 0.1, MB, 0).next(List.of(segment))).containsExactly(segment);
    assertThat(new MergePolicy(101, 0, MB, 0).next(List.of(segment))).isEmpty();
  }
}
