package io.alidade.engine.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/// The loops of rotations on the Vector API.
///
/// Steps shorter than a register are done within it: each lane gets its partner's value plus its
/// own, or less its own in the upper half of a pair. Straight-line, like [VectorApiKernel].
final class VectorApiHadamardKernel implements HadamardKernel {
  /// No longer than a granule.
  private static final VectorSpecies<Float> LANES =
      FloatVector.SPECIES_PREFERRED.length() > GRANULE
          ? VectorSpecies.of(float.class, VectorShape.S_512_BIT)
          : FloatVector.SPECIES_PREFERRED;

  private static final int STEP = LANES.length();
  private static final VectorShuffle<Float> PARTNERS_1 = partners(1);
  private static final VectorShuffle<Float> PARTNERS_2 = partners(2);
  private static final VectorShuffle<Float> PARTNERS_4 = partners(4);
  private static final VectorShuffle<Float> PARTNERS_8 = partners(8);
  private static final float[] SIGNS_1 = signs(1);
  private static final float[] SIGNS_2 = signs(2);
  private static final float[] SIGNS_4 = signs(4);
  private static final float[] SIGNS_8 = signs(8);

  private static VectorShuffle<Float> partners(int half) {
    return VectorShuffle.fromOp(LANES, lane -> (lane ^ half) & (STEP - 1));
  }

  private static float[] signs(int half) {
    float[] signs = new float[STEP];
    for (int i = 0; i < STEP; i++) {
      signs[i] = (i & half) == 0 ? 1 : -1;
    }
    return signs;
  }

  @Override
  public void round(float[] from, int[] order, float[] factors, float[] to, int block) {
    within(from, order, factors, to);
    for (int half = STEP; half < block; half *= 2) {
      across(to, half);
    }
  }

  private static void within(float[] from, int[] order, float[] factors, float[] to) {
    FloatVector signs1 = FloatVector.fromArray(LANES, SIGNS_1, 0);
    FloatVector signs2 = FloatVector.fromArray(LANES, SIGNS_2, 0);
    FloatVector signs4 = FloatVector.fromArray(LANES, SIGNS_4, 0);
    FloatVector signs8 = FloatVector.fromArray(LANES, SIGNS_8, 0);
    for (int granule = 0; granule < order.length; granule++) {
      int source = order[granule] * GRANULE;
      int target = granule * GRANULE;
      for (int i = 0; i < GRANULE; i += STEP) {
        FloatVector v =
            FloatVector.fromArray(LANES, from, source + i)
                .mul(FloatVector.fromArray(LANES, factors, target + i));
        if (STEP > 1) {
          v = v.fma(signs1, v.rearrange(PARTNERS_1));
        }
        if (STEP > 2) {
          v = v.fma(signs2, v.rearrange(PARTNERS_2));
        }
        if (STEP > 4) {
          v = v.fma(signs4, v.rearrange(PARTNERS_4));
        }
        if (STEP > 8) {
          v = v.fma(signs8, v.rearrange(PARTNERS_8));
        }
        v.intoArray(to, target + i);
      }
    }
  }

  private static void across(float[] to, int half) {
    for (int at = 0; at < to.length; at += 2 * half) {
      for (int i = at; i < at + half; i += STEP) {
        FloatVector left = FloatVector.fromArray(LANES, to, i);
        FloatVector right = FloatVector.fromArray(LANES, to, i + half);
        left.add(right).intoArray(to, i);
        left.sub(right).intoArray(to, i + half);
      }
    }
  }
}
