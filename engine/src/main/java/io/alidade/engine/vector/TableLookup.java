package io.alidade.engine.vector;

import io.alidade.engine.memory.AddressSpace;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// Sums of table entries that a row's bytes choose: the inner loops of product quantization.
///
/// A row is one byte for each subspace; a table holds, for each subspace in turn, one number for
/// each of its `centroids` (H. Jégou, M. Douze, C. Schmid: "Product quantization for nearest
/// neighbor search", 2011, section III). In plain Java: gathering entries by vector instructions is
/// no faster than loading them one by one.
public final class TableLookup {
  private static final MemorySegment ALL = AddressSpace.ALL;

  private TableLookup() {}

  /// The sums of `count` rows scattered in memory, four at a time.
  ///
  /// @param tables `subspaces * centroids` numbers
  /// @param centroids the entries of one subspace, at most 256; every byte of a row is below
  public static void lookup(
      float[] tables, int subspaces, int centroids, long[] rows, int count, float[] out) {
    int i = 0;
    for (; i + 4 <= count; i += 4) {
      lookupFour(tables, subspaces, centroids, rows, i, out);
    }
    for (; i < count; i++) {
      out[i] = lookup(tables, subspaces, centroids, rows[i]);
    }
  }

  private static void lookupFour(
      float[] tables, int subspaces, int centroids, long[] rows, int from, float[] out) {
    long row0 = rows[from];
    long row1 = rows[from + 1];
    long row2 = rows[from + 2];
    long row3 = rows[from + 3];
    float sum0 = 0;
    float sum1 = 0;
    float sum2 = 0;
    float sum3 = 0;
    int table = 0;
    int subspace = 0;
    for (; subspace + Integer.BYTES <= subspaces; subspace += Integer.BYTES) {
      int codes0 = AddressSpace.getInt(row0 + subspace);
      int codes1 = AddressSpace.getInt(row1 + subspace);
      int codes2 = AddressSpace.getInt(row2 + subspace);
      int codes3 = AddressSpace.getInt(row3 + subspace);
      sum0 += tables[table + (codes0 & 0xff)];
      sum1 += tables[table + (codes1 & 0xff)];
      sum2 += tables[table + (codes2 & 0xff)];
      sum3 += tables[table + (codes3 & 0xff)];
      table += centroids;
      sum0 += tables[table + ((codes0 >> 8) & 0xff)];
      sum1 += tables[table + ((codes1 >> 8) & 0xff)];
      sum2 += tables[table + ((codes2 >> 8) & 0xff)];
      sum3 += tables[table + ((codes3 >> 8) & 0xff)];
      table += centroids;
      sum0 += tables[table + ((codes0 >> 16) & 0xff)];
      sum1 += tables[table + ((codes1 >> 16) & 0xff)];
      sum2 += tables[table + ((codes2 >> 16) & 0xff)];
      sum3 += tables[table + ((codes3 >> 16) & 0xff)];
      table += centroids;
      sum0 += tables[table + (codes0 >>> 24)];
      sum1 += tables[table + (codes1 >>> 24)];
      sum2 += tables[table + (codes2 >>> 24)];
      sum3 += tables[table + (codes3 >>> 24)];
      table += centroids;
    }
    for (; subspace < subspaces; subspace++) {
      sum0 += tables[table + code(row0 + subspace)];
      sum1 += tables[table + code(row1 + subspace)];
      sum2 += tables[table + code(row2 + subspace)];
      sum3 += tables[table + code(row3 + subspace)];
      table += centroids;
    }
    out[from] = sum0;
    out[from + 1] = sum1;
    out[from + 2] = sum2;
    out[from + 3] = sum3;
  }

  /// The sums of rows that follow each other, each `stride` bytes after the one before.
  public static void lookup(
      float[] tables,
      int subspaces,
      int centroids,
      long first,
      long stride,
      int count,
      float[] out) {
    for (int i = 0; i < count; i++) {
      out[i] = lookup(tables, subspaces, centroids, first + i * stride);
    }
  }

  /// The sum of one row.
  public static float lookup(float[] tables, int subspaces, int centroids, long row) {
    float sum0 = 0;
    float sum1 = 0;
    float sum2 = 0;
    float sum3 = 0;
    int table = 0;
    int subspace = 0;
    for (; subspace + Integer.BYTES <= subspaces; subspace += Integer.BYTES) {
      int codes = AddressSpace.getInt(row + subspace);
      sum0 += tables[table + (codes & 0xff)];
      sum1 += tables[table + centroids + ((codes >> 8) & 0xff)];
      sum2 += tables[table + 2 * centroids + ((codes >> 16) & 0xff)];
      sum3 += tables[table + 3 * centroids + (codes >>> 24)];
      table += 4 * centroids;
    }
    for (; subspace < subspaces; subspace++) {
      sum0 += tables[table + code(row + subspace)];
      table += centroids;
    }
    return (sum0 + sum1) + (sum2 + sum3);
  }

  private static int code(long address) {
    return ALL.get(ValueLayout.JAVA_BYTE, address) & 0xff;
  }
}
