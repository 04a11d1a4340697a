package io.alidade.engine.vector;

/// The inner loops over codes of a bit or a byte a dimension: one implementation is chosen when the
/// process starts.
///
/// Everything is given by absolute address. Rows, planes and prepared queries start at a multiple
/// of 64 and `bytes`, the length of a row as the kernel reads it, is a multiple of 64 too. The
/// batch forms read four rows at a time, which overlaps the cache misses of rows scattered in
/// memory; the range forms read rows that follow each other, each `stride` bytes after the one
/// before.
///
/// What a row holds beyond its code (corrections, padding) may be anything: the query is zero
/// there, and zero times whatever it is does not count.
public sealed interface CodeKernel
    permits VectorApiCodeKernel, ScalarCodeKernel, SelectedCodeKernel {
  /// Inner products of a query of 1, 4 or 8 bits a dimension with `count` rows of one bit a
  /// dimension: the sum over planes `p` of `2^p * popcount(plane_p & row)`.
  ///
  /// @param query the planes one after the other, the lowest first, each `bytes` long
  /// @param planes 1, 4 or 8
  void dotBits(long query, int planes, int bytes, long[] rows, int count, int[] out);

  /// The same of rows that follow each other.
  void dotBits(long query, int planes, int bytes, long first, long stride, int count, int[] out);

  /// The same of one row.
  int dotBits(long query, int planes, int bytes, long row);

  /// The bytes that [#prepareInt7] fills for rows of so many bytes.
  default int preparedInt7Bytes(int bytes) {
    return 2 * bytes;
  }

  /// Lays out a query for [#dotInt7].
  ///
  /// @param query a number from -127 to 127 for each of the first `count` bytes of a row; the rest
  ///   of a row does not count
  /// @param target an aligned address with [#preparedInt7Bytes] bytes
  void prepareInt7(byte[] query, int count, int bytes, long target);

  /// Inner products of a prepared query with `count` rows of bytes from 0 to 127.
  void dotInt7(long preparedQuery, int bytes, long[] rows, int count, int[] out);

  /// The same of rows that follow each other.
  void dotInt7(long preparedQuery, int bytes, long first, long stride, int count, int[] out);

  /// The same of one row.
  int dotInt7(long preparedQuery, int bytes, long row);

  /// The inner product of two rows of bytes from 0 to 127.
  ///
  /// @param bytes the bytes of the code alone, any number: what follows them does not count
  int dotInt7Rows(long left, long right, int bytes);
}
