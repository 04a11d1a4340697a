package io.alidade.engine.vector;

import io.alidade.engine.memory.AddressSpace;

/// The kernels in plain Java, for a Java without the Vector API; the reference for the others.
final class ScalarKernel implements Kernel {
  @Override
  public void dot(long query, int padded, long[] rows, int count, float[] out) {
    for (int i = 0; i < count; i++) {
      out[i] = dot(query, rows[i], padded);
    }
  }

  @Override
  public void squaredL2(long query, int padded, long[] rows, int count, float[] out) {
    for (int i = 0; i < count; i++) {
      out[i] = squaredL2(query, rows[i], padded);
    }
  }

  @Override
  public void l1(long query, int padded, long[] rows, int count, float[] out) {
    for (int i = 0; i < count; i++) {
      out[i] = l1(query, rows[i], padded);
    }
  }

  @Override
  public float dot(long left, long right, int padded) {
    float sum0 = 0;
    float sum1 = 0;
    float sum2 = 0;
    float sum3 = 0;
    long bytes = (long) padded * Float.BYTES;
    for (long i = 0; i < bytes; i += 4 * Float.BYTES) {
      float l0 = AddressSpace.getFloat(left + i);
      float r0 = AddressSpace.getFloat(right + i);
      float l1 = AddressSpace.getFloat(left + i + Float.BYTES);
      float r1 = AddressSpace.getFloat(right + i + Float.BYTES);
      float l2 = AddressSpace.getFloat(left + i + 2 * Float.BYTES);
      float r2 = AddressSpace.getFloat(right + i + 2 * Float.BYTES);
      float l3 = AddressSpace.getFloat(left + i + 3 * Float.BYTES);
      float r3 = AddressSpace.getFloat(right + i + 3 * Float.BYTES);
      sum0 += l0 * r0;
      sum1 += l1 * r1;
      sum2 += l2 * r2;
      sum3 += l3 * r3;
    }
    return (sum0 + sum1) + (sum2 + sum3);
  }

  @Override
  public float squaredL2(long left, long right, int padded) {
    float sum0 = 0;
    float sum1 = 0;
    float sum2 = 0;
    float sum3 = 0;
    long bytes = (long) padded * Float.BYTES;
    for (long i = 0; i < bytes; i += 4 * Float.BYTES) {
      float l0 = AddressSpace.getFloat(left + i);
      float r0 = AddressSpace.getFloat(right + i);
      float l1 = AddressSpace.getFloat(left + i + Float.BYTES);
      float r1 = AddressSpace.getFloat(right + i + Float.BYTES);
      float l2 = AddressSpace.getFloat(left + i + 2 * Float.BYTES);
      float r2 = AddressSpace.getFloat(right + i + 2 * Float.BYTES);
      float l3 = AddressSpace.getFloat(left + i + 3 * Float.BYTES);
      float r3 = AddressSpace.getFloat(right + i + 3 * Float.BYTES);
      sum0 += (l0 - r0) * (l0 - r0);
      sum1 += (l1 - r1) * (l1 - r1);
      sum2 += (l2 - r2) * (l2 - r2);
      sum3 += (l3 - r3) * (l3 - r3);
    }
    return (sum0 + sum1) + (sum2 + sum3);
  }

  @Override
  public float l1(long left, long right, int padded) {
    float sum0 = 0;
    float sum1 = 0;
    float sum2 = 0;
    float sum3 = 0;
    long bytes = (long) padded * Float.BYTES;
    for (long i = 0; i < bytes; i += 4 * Float.BYTES) {
      float l0 = AddressSpace.getFloat(left + i);
      float r0 = AddressSpace.getFloat(right + i);
      float l1 = AddressSpace.getFloat(left + i + Float.BYTES);
      float r1 = AddressSpace.getFloat(right + i + Float.BYTES);
      float l2 = AddressSpace.getFloat(left + i + 2 * Float.BYTES);
      float r2 = AddressSpace.getFloat(right + i + 2 * Float.BYTES);
      float l3 = AddressSpace.getFloat(left + i + 3 * Float.BYTES);
      float r3 = AddressSpace.getFloat(right + i + 3 * Float.BYTES);
      sum0 += Math.abs(l0 - r0);
      sum1 += Math.abs(l1 - r1);
      sum2 += Math.abs(l2 - r2);
      sum3 += Math.abs(l3 - r3);
    }
    return (sum0 + sum1) + (sum2 + sum3);
  }

  @Override
  public float dot(float[] left, float[] right) {
    float sum0 = 0;
    float sum1 = 0;
    float sum2 = 0;
    float sum3 = 0;
    int i = 0;
    for (; i + 4 <= left.length; i += 4) {
      sum0 += left[i] * right[i];
      sum1 += left[i + 1] * right[i + 1];
      sum2 += left[i + 2] * right[i + 2];
      sum3 += left[i + 3] * right[i + 3];
    }
    for (; i < left.length; i++) {
      sum0 += left[i] * right[i];
    }
    return (sum0 + sum1) + (sum2 + sum3);
  }

  @Override
  public float squaredL2(float[] left, float[] right) {
    float sum0 = 0;
    float sum1 = 0;
    float sum2 = 0;
    float sum3 = 0;
    int i = 0;
    for (; i + 4 <= left.length; i += 4) {
      float d0 = left[i] - right[i];
      float d1 = left[i + 1] - right[i + 1];
      float d2 = left[i + 2] - right[i + 2];
      float d3 = left[i + 3] - right[i + 3];
      sum0 += d0 * d0;
      sum1 += d1 * d1;
      sum2 += d2 * d2;
      sum3 += d3 * d3;
    }
    for (; i < left.length; i++) {
      float d = left[i] - right[i];
      sum0 += d * d;
    }
    return (sum0 + sum1) + (sum2 + sum3);
  }

  @Override
  public float l1(float[] left, float[] right) {
    float sum0 = 0;
    float sum1 = 0;
    float sum2 = 0;
    float sum3 = 0;
    int i = 0;
    for (; i + 4 <= left.length; i += 4) {
      sum0 += Math.abs(left[i] - right[i]);
      sum1 += Math.abs(left[i + 1] - right[i + 1]);
      sum2 += Math.abs(left[i + 2] - right[i + 2]);
      sum3 += Math.abs(left[i + 3] - right[i + 3]);
    }
    for (; i < left.length; i++) {
      sum0 += Math.abs(left[i] - right[i]);
    }
    return (sum0 + sum1) + (sum2 + sum3);
  }

  @Override
  public double sumOfSquares(float[] vector) {
    // Four sums, so that an addition does not wait for the one before: this runs for each row that
    // is loaded.
    double sum0 = 0;
    double sum1 = 0;
    double sum2 = 0;
    double sum3 = 0;
    int i = 0;
    for (; i + 4 <= vector.length; i += 4) {
      sum0 += (double) vector[i] * vector[i];
      sum1 += (double) vector[i + 1] * vector[i + 1];
      sum2 += (double) vector[i + 2] * vector[i + 2];
      sum3 += (double) vector[i + 3] * vector[i + 3];
    }
    for (; i < vector.length; i++) {
      sum0 += (double) vector[i] * vector[i];
    }
    return sum0 + sum1 + (sum2 + sum3);
  }
}
