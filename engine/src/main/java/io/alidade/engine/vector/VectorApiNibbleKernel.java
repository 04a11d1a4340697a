package io.alidade.engine.vector;

import io.alidade.engine.memory.AddressSpace;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/// The kernels for nibbles on the Vector API: words are loaded once and give eight vectors of
/// numbers each. Straight-line, like [VectorApiKernel].
final class VectorApiNibbleKernel implements NibbleKernel {
  private static final VectorSpecies<Float> LANES = FloatVector.SPECIES_PREFERRED;
  private static final VectorSpecies<Integer> INTS = IntVector.SPECIES_PREFERRED;
  private static final int LINE = VectorStore.ROW_ALIGNMENT;

  /// The bytes of a line that are loaded at once, and of the floats that they meet each time.
  private static final int STEP = Math.min(LINE, LANES.vectorByteSize());

  private static final int MOST = 15;
  private static final VectorOperators.Binary SHIFT = VectorOperators.LSHR;
  private static final VectorOperators.Conversion<Integer, Float> FLOATS = VectorOperators.I2F;
  private static final ByteOrder ORDER = ByteOrder.nativeOrder();
  private static final MemorySegment ALL = AddressSpace.ALL;

  @Override
  public void dot(long query, int bytes, long[] rows, int count, float[] out) {
    for (int i = 0; i < count; i++) { // Four at once are no faster.
      out[i] = dot(query, rows[i], bytes);
    }
  }

  @Override
  public float dot(long query, long row, int bytes) {
    FloatVector sum0 = FloatVector.zero(LANES);
    FloatVector sum1 = FloatVector.zero(LANES);
    FloatVector sum2 = FloatVector.zero(LANES);
    FloatVector sum3 = FloatVector.zero(LANES);
    for (long at = 0; at < bytes; at += STEP) {
      // Eight lines of floats meet a line of nibbles.
      long floats = query + (at & -LINE) * 8 + (at & LINE - 1);
      IntVector words = IntVector.fromMemorySegment(INTS, ALL, row + at, ORDER);
      FloatVector q0 = FloatVector.fromMemorySegment(LANES, ALL, floats, ORDER);
      sum0 = q0.fma((FloatVector) words.and(MOST).convert(FLOATS, 0), sum0);
      FloatVector q1 = FloatVector.fromMemorySegment(LANES, ALL, floats + LINE, ORDER);
      sum1 = q1.fma((FloatVector) words.lanewise(SHIFT, 4).and(MOST).convert(FLOATS, 0), sum1);
      FloatVector q2 = FloatVector.fromMemorySegment(LANES, ALL, floats + 2 * LINE, ORDER);
      sum2 = q2.fma((FloatVector) words.lanewise(SHIFT, 8).and(MOST).convert(FLOATS, 0), sum2);
      FloatVector q3 = FloatVector.fromMemorySegment(LANES, ALL, floats + 3 * LINE, ORDER);
      sum3 = q3.fma((FloatVector) words.lanewise(SHIFT, 12).and(MOST).convert(FLOATS, 0), sum3);
      FloatVector q4 = FloatVector.fromMemorySegment(LANES, ALL, floats + 4 * LINE, ORDER);
      sum0 = q4.fma((FloatVector) words.lanewise(SHIFT, 16).and(MOST).convert(FLOATS, 0), sum0);
      FloatVector q5 = FloatVector.fromMemorySegment(LANES, ALL, floats + 5 * LINE, ORDER);
      sum1 = q5.fma((FloatVector) words.lanewise(SHIFT, 20).and(MOST).convert(FLOATS, 0), sum1);
      FloatVector q6 = FloatVector.fromMemorySegment(LANES, ALL, floats + 6 * LINE, ORDER);
      sum2 = q6.fma((FloatVector) words.lanewise(SHIFT, 24).and(MOST).convert(FLOATS, 0), sum2);
      FloatVector q7 = FloatVector.fromMemorySegment(LANES, ALL, floats + 7 * LINE, ORDER);
      sum3 = q7.fma((FloatVector) words.lanewise(SHIFT, 28).convert(FLOATS, 0), sum3);
    }
    return sum0.add(sum1).add(sum2.add(sum3)).reduceLanes(VectorOperators.ADD);
  }
}
