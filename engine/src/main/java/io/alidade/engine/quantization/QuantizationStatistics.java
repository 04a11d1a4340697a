package io.alidade.engine.quantization;

import io.alidade.engine.vector.VectorStore;
import java.util.ArrayList;
import java.util.List;

/// What codes of a vector column save, and how well they rank: for the catalog views and the
/// statistics endpoint.
///
/// @param rows the rows that have a place for a code
/// @param codeBytes of one row, the code alone
/// @param recordBytes of one row, with what the estimate needs besides, and filled up to whole
///   cache lines
/// @param vectorBytes of one row as floats
/// @param recalls by growing number of candidates
public record QuantizationStatistics(
    Quantization method,
    int rows,
    int codeBytes,
    int recordBytes,
    int vectorBytes,
    List<Recall> recalls) {
  private static final int[] CANDIDATES = {10, 20, 50, 100};

  /// How many of a row's true nearest are found again by code.
  ///
  /// @param candidates the rows taken by code and compared again
  /// @param share of the [CodeSelfTest#NEAREST] true nearest that are among them, on average
  public record Recall(int candidates, double share) {}

  public QuantizationStatistics {
    recalls = List.copyOf(recalls);
  }

  /// Computes them, in bounded time however many rows there are: some are queries, some are ranked.
  ///
  /// @param count the ordinals that have codes
  public static QuantizationStatistics of(
      VectorCodes codes, VectorStore vectors, int count, long seed) {
    double[] shares = CodeSelfTest.recalls(codes, vectors, count, CANDIDATES, seed);
    List<Recall> recalls = new ArrayList<>();
    for (int i = 0; i < CANDIDATES.length; i++) {
      recalls.add(new Recall(CANDIDATES[i], shares[i]));
    }
    Codec codec = codes.codec();
    return new QuantizationStatistics(
        codec.method(),
        count,
        codec.codeBytes(),
        codec.recordBytes(),
        codec.dimensions() * Float.BYTES,
        recalls);
  }

  /// How many times shorter a record is than the vector.
  public double ratio() {
    return (double) vectorBytes / recordBytes;
  }

  /// What all records take less than all vectors; negative if they take more.
  public long savedBytes() {
    return (long) rows * (vectorBytes - recordBytes);
  }
}
