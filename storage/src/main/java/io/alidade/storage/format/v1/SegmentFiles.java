package io.alidade.storage.format.v1;

import io.alidade.storage.catalog.VectorIndexOptions.CodePlacement;
import java.nio.file.Path;
import java.util.Optional;

/// The names of the files of sealed segments and of their sections.
public final class SegmentFiles {
  /// The version that the files say.
  public static final int FORMAT_VERSION = 1;

  /// The directory of all of them, in the data directory.
  public static final String DIRECTORY = "segments";

  public static final String HEADER = "header";
  public static final String ROW_IDS = "rows.ids";
  public static final String CREATED = "rows.created";
  public static final String DELETED = "rows.deleted";
  public static final String ROW_ORDER = "rows.order";
  public static final String HEAP_ONLY = "rows.heap-only";
  public static final String PERMUTATION = "permutation";
  public static final String GRAPH = "graph";
  public static final String CODES = "codes";
  public static final String TOMBSTONES = "tombstones";

  private static final int ID_DIGITS = 16;
  private static final int APART = 0;
  private static final int BESIDE_NEIGHBORS = 1;

  private SegmentFiles() {}

  /// The number in the header of a vector index, after its coding, that says where its codes are.
  public static int codePlacement(CodePlacement placement) {
    return switch (placement) {
      case APART -> APART;
      case BESIDE_NEIGHBORS -> BESIDE_NEIGHBORS;
    };
  }

  /// What such a number says; nothing if there is no such number.
  public static Optional<CodePlacement> codePlacement(int number) {
    return switch (number) {
      case APART -> Optional.of(CodePlacement.APART);
      case BESIDE_NEIGHBORS -> Optional.of(CodePlacement.BESIDE_NEIGHBORS);
      default -> Optional.empty();
    };
  }

  /// What the sections of a column begin with.
  public static String column(int index) {
    return "column." + index;
  }

  /// The section with what is known of a column's values.
  public static String summary(int column) {
    return column(column) + ".summary";
  }

  /// The segment that a file is of; -1 for a file of another name.
  public static long segment(Path file) {
    String name = file.getFileName().toString();
    try {
      return name.length() < ID_DIGITS ? -1 : Long.parseLong(name, 0, ID_DIGITS, 16);
    } catch (NumberFormatException e) {
      return -1;
    }
  }

  public static Path rows(Path directory, long segment) {
    return directory.resolve("%016x.rows".formatted(segment));
  }

  public static Path index(Path directory, long segment, int indexOid) {
    return directory.resolve("%016x-%d.index".formatted(segment, indexOid));
  }

  public static Path tombstones(Path directory, long segment, long lsn) {
    return directory.resolve("%016x-%016x.tombstones".formatted(segment, lsn));
  }
}
