package io.alidade.engine.vector;

/// The inner loops over floats: one implementation is chosen when the process starts.
///
/// Rows in memory are given by address; each is padded with zeros to a multiple of 16 floats
/// (`padded` counts them all), and so is the query. The batch forms read four rows at a time, which
/// overlaps the cache misses of rows scattered in memory; the single forms are better for rows that
/// follow each other.
public sealed interface Kernel permits VectorApiKernel, ScalarKernel, SelectedKernel {
  /// The inner products of the query with `count` rows.
  void dot(long query, int padded, long[] rows, int count, float[] out);

  /// The squared Euclidean distances of the query to `count` rows.
  void squaredL2(long query, int padded, long[] rows, int count, float[] out);

  /// The sums of absolute differences of the query and `count` rows.
  void l1(long query, int padded, long[] rows, int count, float[] out);

  /// One inner product.
  float dot(long left, long right, int padded);

  /// One squared Euclidean distance.
  float squaredL2(long left, long right, int padded);

  /// One sum of absolute differences.
  float l1(long left, long right, int padded);

  /// The inner product of two arrays of the same length.
  float dot(float[] left, float[] right);

  /// The squared Euclidean distance of two arrays of the same length.
  float squaredL2(float[] left, float[] right);

  /// The sum of absolute differences of two arrays of the same length.
  float l1(float[] left, float[] right);

  /// The sum of the squares of an array's numbers, in double precision.
  double sumOfSquares(float[] vector);
}
