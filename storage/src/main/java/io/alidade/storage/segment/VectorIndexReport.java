package io.alidade.storage.segment;

import io.alidade.engine.quantization.CodeSelfTest;
import io.alidade.engine.quantization.Quantization;
import io.alidade.engine.quantization.VectorCodes;
import io.alidade.engine.vector.VectorElement;
import io.alidade.engine.vector.VectorStore;
import java.lang.ref.WeakReference;
import java.util.Optional;

/// What there is to tell of a vector index over one segment.
///
/// @param rows the row versions of the segment
/// @param indexedRows how many of them the graph covers
/// @param nodes how many rows are in the graph
/// @param element what the vectors consist of
/// @param vectorBytes of one row's vector
/// @param codes what it is walked on; empty for the vectors
/// @param graphBytes what the graph takes, wherever it is, with the codes beside its lists
/// @param walkedBesideLists whether walks read the codes beside the lists
/// @param memoryBytes what graph and codes take of the process's own memory; what is mapped from
///   files is the system's
public record VectorIndexReport(
    int rows,
    int indexedRows,
    int nodes,
    VectorElement element,
    int vectorBytes,
    Optional<Measured> codes,
    long graphBytes,
    boolean walkedBesideLists,
    long memoryBytes,
    Form form) {

  /// How graph and codes are kept.
  public enum Form {
    /// Not sealed yet: in memory, taking rows.
    GROWING,
    COLD,
    CACHED,
    PINNED
  }

  /// Codes, and how well they rank.
  ///
  /// @param codeBytes of one row, bare
  /// @param recordBytes of one row, with what the estimate needs besides
  /// @param recall the mean share of the 10 true nearest that are among the first [#CANDIDATES] by
  ///   code, for some of the rows as queries
  public record Measured(
      WeakReference<VectorCodes> of,
      Quantization method,
      int codeBytes,
      int recordBytes,
      double recall) {

    /// By how many rows a search may look further than the 10 nearest, in the measurement.
    public static final int CANDIDATES = 50;

    private static final long SEED = 0x5EED;

    static Measured of(VectorCodes codes, VectorStore vectors, int count) {
      return new Measured(
          new WeakReference<>(codes),
          codes.codec().method(),
          codes.codec().codeBytes(),
          codes.codec().recordBytes(),
          CodeSelfTest.recall(codes, vectors, count, CANDIDATES, SEED));
    }

    boolean isOf(VectorCodes codes) {
      return of.refersTo(codes);
    }
  }
}
