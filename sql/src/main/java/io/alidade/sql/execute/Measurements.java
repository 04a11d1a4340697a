package io.alidade.sql.execute;

import io.alidade.engine.quantization.Quantization;
import io.alidade.engine.search.SearchStatistics;
import io.alidade.engine.search.SegmentStatistics;
import io.alidade.engine.search.Strategy;
import io.alidade.sql.plan.PlanNode;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What the operators of one execution did, node by node.
public final class Measurements {
  private final IdentityHashMap<PlanNode, Measured> nodes = new IdentityHashMap<>();

  /// What one node did.
  public static final class Measured {
    private long rows;
    private long loops;
    private long firstNanos;
    private long nanos;
    private boolean hasRows;
    private final List<SegmentStatistics> searches = new ArrayList<>();
    private final Set<Quantization> codes = new LinkedHashSet<>();

    /// The rows it gave, in all loops together.
    public long rows() {
      return rows;
    }

    /// How often it was started.
    public long loops() {
      return loops;
    }

    /// The time to its first row, in nanoseconds, its inputs' time included.
    public long firstNanos() {
      return firstNanos;
    }

    /// The time it took in all loops, in nanoseconds, its inputs' included.
    public long nanos() {
      return nanos;
    }

    /// What its nearest-neighbour searches did, segment by segment; empty if it is none.
    public List<SegmentStatistics> searches() {
      return searches;
    }

    /// What those searches compared by before they compared by the vectors.
    public Set<Quantization> codes() {
      return codes;
    }

    void started() {
      loops++;
    }

    void worked(long worked, int gave) {
      nanos += worked;
      rows += gave;
      if (gave > 0 && !hasRows) {
        hasRows = true;
        firstNanos = nanos;
      }
    }
  }

  Measured of(PlanNode node) {
    return nodes.computeIfAbsent(node, _ -> new Measured());
  }

  /// Notes what a search did.
  ///
  /// @param codes what indexes keep of each segment, if they keep any
  void searched(PlanNode node, SearchStatistics statistics, List<Optional<Quantization>> codes) {
    Measured measured = of(node);
    measured.searches.addAll(statistics.segments());
    for (int i = 0; i < codes.size(); i++) {
      if (mayUseCodes(statistics.segments().get(i).strategy())) {
        codes.get(i).ifPresent(measured.codes::add);
      }
    }
  }

  /// Whether a way of searching compares by codes where there are some.
  private static boolean mayUseCodes(Strategy strategy) {
    return strategy != Strategy.NONE && strategy != Strategy.EXACT && strategy != Strategy.LIST;
  }

  /// What a node did; empty if it was never started.
  public Optional<Measured> find(PlanNode node) {
    return Optional.ofNullable(nodes.get(node));
  }
}
