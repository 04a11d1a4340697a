package io.alidade.storage;

import io.alidade.storage.catalog.VectorIndexOptions;
import io.alidade.storage.segment.Segment;
import io.alidade.storage.segment.VectorIndex;
import io.alidade.storage.segment.VectorIndexReport;
import io.alidade.storage.table.TableStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.stream.Collectors;

/// Figures about a vector index, all segments together.
///
/// @param segments how many segments it is over
/// @param rows how many row versions there are to index
/// @param indexedRows how many of them its graphs cover; the rest is compared one by one
/// @param nodes how many of them are in graphs: the others have no vector, or the same as an
///   earlier version of their row, which is
/// @param method what its graphs are walked on, `float32` and its like for the vectors themselves;
///   several where segments differ
/// @param vectorBytes of the floats of the rows that have codes
/// @param codeBytes of their bare codes
/// @param recordBytes of their records: codes with what the estimate needs besides
/// @param recall the mean share of the 10 true nearest that are among the first 50 by code, over
///   sampled rows; empty without codes
/// @param graphBytes of the graphs, wherever they are, with the codes beside their lists
/// @param inlineSegments in how many segments walks read codes beside the lists
/// @param memoryBytes of graphs and codes in the process's own memory; mapped files are not
/// @param residence how graphs and codes are kept: `growing` (in memory, not sealed yet), `cold`,
///   `cached`, `pinned`; several where segments differ
public record VectorIndexStatistics(
    int segments,
    long rows,
    long indexedRows,
    long nodes,
    String method,
    long vectorBytes,
    long codeBytes,
    long recordBytes,
    OptionalDouble recall,
    long graphBytes,
    int inlineSegments,
    long memoryBytes,
    String residence) {
  static VectorIndexStatistics of(TableStore store, int indexOid) {
    List<VectorIndexReport> reports = new ArrayList<>();
    List<Segment> segments = store.holdSegments();
    try {
      for (Segment segment : segments) {
        VectorIndex index = segment.vectorIndexes().get(indexOid);
        if (index != null && segment.size() > 0) {
          reports.add(index.report());
        }
      }
    } finally {
      segments.forEach(Segment::release);
    }
    return of(reports);
  }

  private static VectorIndexStatistics of(List<VectorIndexReport> reports) {
    long rows = 0;
    long indexed = 0;
    long nodes = 0;
    long vectorBytes = 0;
    long codeBytes = 0;
    long recordBytes = 0;
    long coded = 0;
    double found = 0;
    long graphBytes = 0;
    long memoryBytes = 0;
    for (VectorIndexReport report : reports) {
      rows += report.rows();
      indexed += report.indexedRows();
      nodes += report.nodes();
      graphBytes += report.graphBytes();
      memoryBytes += report.memoryBytes();
      if (report.codes().isPresent()) {
        VectorIndexReport.Measured codes = report.codes().get();
        coded += report.indexedRows();
        found += codes.recall() * report.indexedRows();
        vectorBytes += (long) report.indexedRows() * report.vectorBytes();
        codeBytes += (long) report.indexedRows() * codes.codeBytes();
        recordBytes += (long) report.indexedRows() * codes.recordBytes();
      }
    }
    return new VectorIndexStatistics(
        reports.size(),
        rows,
        indexed,
        nodes,
        reports.stream()
            .map(VectorIndexStatistics::method)
            .distinct()
            .collect(Collectors.joining("; ")),
        vectorBytes,
        codeBytes,
        recordBytes,
        coded == 0 ? OptionalDouble.empty() : OptionalDouble.of(found / coded),
        graphBytes,
        (int) reports.stream().filter(VectorIndexReport::walkedBesideLists).count(),
        memoryBytes,
        reports.stream()
            .map(report -> VectorIndexOptions.lower(report.form()))
            .distinct()
            .collect(Collectors.joining("; ")));
  }

  private static String method(VectorIndexReport report) {
    return report
        .codes()
        .map(codes -> VectorIndexOptions.text(codes.method()))
        .orElse(uncoded(report));
  }

  private static String uncoded(VectorIndexReport report) {
    return report.element().name().toLowerCase(Locale.ROOT);
  }

  /// What an index over a table would take more if it were pinned.
  static long bytesToPin(TableStore store, int indexOid) {
    long bytes = 0;
    List<Segment> segments = store.holdSegments();
    try {
      for (Segment segment : segments) {
        VectorIndex index = segment.vectorIndexes().get(indexOid);
        bytes += index == null ? 0 : index.bytesToPin();
      }
    } finally {
      segments.forEach(Segment::release);
    }
    return bytes;
  }
}
