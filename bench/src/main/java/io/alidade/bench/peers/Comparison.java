package io.alidade.bench.peers;

import java.io.IOException;
import java.util.List;

/// Rounds of passes over the queries, in each of which every peer makes every effort in turn. Scans
/// know one effort only, and need no rounds before.
record Comparison(VectorFile base, VectorFile queries, GroundTruth truth, List<Integer> efs) {

  /// A peer and what it has shown.
  record Contender(MeasuredPeer peer, Measurements measured) {

    Contender(MeasuredPeer peer) {
      this(peer, new Measurements(peer.kind(), peer.build()));
    }
  }

  /// @param warmUp rounds that are run first and do not count
  void run(List<Contender> contenders, int warmUp, int rounds) throws IOException {
    for (int round = -warmUp; round < rounds; round++) {
      for (int ef : efs) {
        for (Contender contender : contenders) {
          if (contender.peer.kind().hasEffort() || (ef == efs.getFirst() && round >= 0)) {
            Pass pass = contender.peer.pass(ef);
            if (round >= 0) {
              contender.measured.add(sample(round, ef, pass));
            }
          }
        }
      }
      System.out.println(round < 0 ? "warmed up" : "round " + round + " is done");
    }
  }

  private Measurements.Sample sample(int round, int ef, Pass pass) {
    double count = queries.count();
    return new Measurements.Sample(
        round,
        ef,
        truth.recall(base, queries, pass.found()),
        pass.cpuNanos() / 1e3 / count,
        pass.wallNanos() / 1e3 / count,
        pass.distances() < 0 ? -1 : pass.distances() / count);
  }
}
