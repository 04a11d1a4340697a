package io.alidade.engine.vector;

/// The loops of rotations in plain Java: the reference, and what runs without the Vector API.
final class ScalarHadamardKernel implements HadamardKernel {
  @Override
  public void round(float[] from, int[] order, float[] factors, float[] to, int block) {
    for (int granule = 0; granule < order.length; granule++) {
      int source = order[granule] * GRANULE;
      int target = granule * GRANULE;
      for (int i = 0; i < GRANULE; i++) {
        to[target + i] = from[source + i] * factors[target + i];
      }
    }
    for (int half = 1; half < block; half *= 2) {
      for (int at = 0; at < to.length; at += 2 * half) {
        for (int i = at; i < at + half; i++) {
          float left = to[i];
          float right = to[i + half];
          to[i] = left + right;
          to[i + half] = left - right;
        }
      }
    }
  }
}
