package io.alidade.storage.catalog;

import io.alidade.engine.hnsw.Coding;
import io.alidade.engine.hnsw.HnswParameters;
import io.alidade.engine.quantization.Codecs;
import io.alidade.engine.quantization.Quantization;
import io.alidade.engine.quantization.Quantization.Binary;
import io.alidade.engine.quantization.Quantization.Turbo;
import io.alidade.engine.vector.Distance;
import io.alidade.model.DatabaseException;
import io.alidade.model.SqlState;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;

/// The options of a vector index, understood: how its graph is built, what it is walked on, and
/// where that is kept.
///
/// They are written in the WITH list of CREATE INDEX and in ALTER INDEX SET. An option of another
/// method than the one chosen is kept without effect, so that a method can be tried and left again.
///
/// @param graph how graphs are built that are begun from now on
/// @param coding what they are walked on
/// @param codePlacement where sealed segments have their codes
/// @param residence how codes and graph are kept in memory
/// @param threads how many threads may build it; empty for as many as the server has for that
public record VectorIndexOptions(
    HnswParameters graph,
    Coding coding,
    CodePlacement codePlacement,
    Residence residence,
    OptionalInt threads) {

  private static final String M = "m";
  private static final String EF_CONSTRUCTION = "ef_construction";
  private static final String SEED = "seed";
  private static final String QUANTIZATION = "quantization";
  private static final String QUANTILE = "quantile";
  private static final String COMPRESSION = "compression";
  private static final String ENCODING = "encoding";
  private static final String QUERY_ENCODING = "query_encoding";
  private static final String BITS = "bits";
  private static final String INLINE_STORAGE = "inline_storage";
  static final String MEMORY = "memory";
  private static final String THREADS = "max_indexing_threads";

  private static final Set<String> NAMES =
      Set.of(
          M,
          EF_CONSTRUCTION,
          SEED,
          QUANTIZATION,
          QUANTILE,
          COMPRESSION,
          ENCODING,
          QUERY_ENCODING,
          BITS,
          INLINE_STORAGE,
          MEMORY,
          THREADS);

  private static final int MAX_THREADS = 1024;

  /// Where a sealed segment has the codes that walks read.
  public enum CodePlacement {
    /// In one table, each once.
    APART,
    /// There, and copied beside each list of neighbours: a step of a walk reads one place.
    BESIDE_NEIGHBORS
  }

  /// How the codes and the graph of a sealed segment are kept in memory. Rows that no checkpoint
  /// has sealed yet are in memory with all they have.
  public enum Residence {
    /// Mapped; read from the disk as they are asked for.
    COLD,
    /// Mapped and read ahead at opening; the system may take the memory for something else.
    CACHED,
    /// Copied into memory of the process when it is opened.
    PINNED
  }

  /// What the options of an index say.
  ///
  /// @throws DatabaseException 22023 for an option that there is not, or a value that it does not
  ///   take
  public static VectorIndexOptions of(Map<String, String> written) {
    for (String name : written.keySet()) {
      if (!NAMES.contains(name)) {
        throw new DatabaseException(
            SqlState.INVALID_PARAMETER_VALUE, "unrecognized parameter \"" + name + "\"");
      }
    }
    Reader options = new Reader(written);
    HnswParameters graph =
        new HnswParameters(
            options.integer(M, HnswParameters.DEFAULT_M, 2, 100),
            options.integer(EF_CONSTRUCTION, HnswParameters.DEFAULT_EF_CONSTRUCTION, 4, 1000),
            options.integer(SEED, (int) HnswParameters.DEFAULT.seed(), 0, Integer.MAX_VALUE));
    if (graph.efConstruction() < 2 * graph.m()) {
      throw new DatabaseException(
          SqlState.INVALID_PARAMETER_VALUE,
          "ef_construction must be greater than or equal to 2 * m");
    }
    int threads = options.integer(THREADS, 0, 0, MAX_THREADS);
    Coding coding = options.coding();
    CodePlacement placement =
        options.bool(INLINE_STORAGE, "off") ? CodePlacement.BESIDE_NEIGHBORS : CodePlacement.APART;
    if (placement == CodePlacement.BESIDE_NEIGHBORS && coding == Coding.NONE) {
      throw new DatabaseException(
          SqlState.INVALID_PARAMETER_VALUE,
          "inline_storage stores codes beside the graph: it needs a quantization other than none");
    }
    return new VectorIndexOptions(
        graph,
        coding,
        placement,
        switch (options.word(MEMORY, "cached", "cold", "cached", "pinned")) {
          case "cold" -> Residence.COLD;
          case "pinned" -> Residence.PINNED;
          default -> Residence.CACHED;
        },
        threads == 0 ? OptionalInt.empty() : OptionalInt.of(threads));
  }

  /// Refuses what the distance of an index does not allow.
  ///
  /// @throws DatabaseException 0A000 when a method or a place of codes is asked for and there are
  ///   no such codes for the distance
  public void requireFor(Distance distance) {
    if (coding instanceof Coding.Fixed(var method) && !Codecs.supports(method, distance)) {
      throw new DatabaseException(
          SqlState.FEATURE_NOT_SUPPORTED,
          "this quantization is not supported for the distance of this index");
    }
    if (codePlacement == CodePlacement.BESIDE_NEIGHBORS && distance.isOfBits()) {
      throw new DatabaseException(
          SqlState.FEATURE_NOT_SUPPORTED,
          "inline_storage is not supported for indexes of bits, which have no codes");
    }
  }

  /// The coding in one line, the same for the same coding: what a file says that its codes answer.
  public String codingText() {
    return switch (coding) {
      case Coding.Automatic _ -> "auto";
      case Coding.None _ -> "none";
      case Coding.Fixed(var method) -> text(method);
    };
  }

  /// A method in one line: `binary (one bit, query of 4 bits)`.
  public static String text(Quantization method) {
    return switch (method) {
      case Quantization.Scalar(var quantile) ->
          quantile == 1 ? "scalar" : "scalar (quantile " + quantile + ")";
      case Quantization.Product(var compression) -> "product (x" + compression + ")";
      case Binary(var encoding, var query) ->
          "binary (%s, %s)"
              .formatted(
                  switch (encoding) {
                    case ONE_BIT -> "one bit";
                    case ONE_AND_HALF_BITS -> "one and a half bits";
                    case TWO_BITS -> "two bits";
                  },
                  switch (query) {
                    case BINARY -> "binary query";
                    case SCALAR_4_BITS -> "query of 4 bits";
                    case SCALAR_8_BITS -> "query of 8 bits";
                  });
      case Turbo(var bits) ->
          "turbo (%s)"
              .formatted(
                  switch (bits) {
                    case ONE -> "1 bit";
                    case ONE_AND_HALF -> "1.5 bits";
                    case TWO -> "2 bits";
                    case FOUR -> "4 bits";
                  });
    };
  }

  /// The name of a constant in lower case.
  public static String lower(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  /// Reads values in PostgreSQL's way.
  private record Reader(Map<String, String> options) {
    Reader {
      options = new TreeMap<>(options);
    }

    Coding coding() {
      // All are read, also those without effect: a wrong one is refused.
      double quantile = real(QUANTILE, 1, 0.5, 1);
      String compression = word(COMPRESSION, "x16", "x4", "x8", "x16", "x32", "x64");
      Binary binary = binary();
      Turbo.Bits bits =
          switch (word(BITS, "4", "1", "1.5", "2", "4")) {
            case "1" -> Turbo.Bits.ONE;
            case "1.5" -> Turbo.Bits.ONE_AND_HALF;
            case "2" -> Turbo.Bits.TWO;
            default -> Turbo.Bits.FOUR;
          };
      String method =
          word(QUANTIZATION, "auto", "auto", "none", "binary", "scalar", "product", "turbo");
      return switch (method) {
        case "none" -> Coding.NONE;
        case "binary" -> new Coding.Fixed(binary);
        case "scalar" -> new Coding.Fixed(new Quantization.Scalar(quantile));
        case "product" ->
            new Coding.Fixed(new Quantization.Product(Integer.parseInt(compression.substring(1))));
        case "turbo" -> new Coding.Fixed(new Turbo(bits));
        default -> Coding.AUTOMATIC;
      };
    }

    private Binary binary() {
      Binary.Encoding encoding =
          switch (word(ENCODING, "one_bit", "one_bit", "one_and_half_bits", "two_bits")) {
            case "one_and_half_bits" -> Binary.Encoding.ONE_AND_HALF_BITS;
            case "two_bits" -> Binary.Encoding.TWO_BITS;
            default -> Binary.Encoding.ONE_BIT;
          };
      String query =
          word(QUERY_ENCODING, "default", "default", "binary", "scalar4bits", "scalar8bits");
      return new Binary(
          encoding,
          switch (query) {
            case "binary" -> Binary.QueryEncoding.BINARY;
            case "scalar8bits" -> Binary.QueryEncoding.SCALAR_8_BITS;
            default -> Binary.QueryEncoding.SCALAR_4_BITS;
          });
    }

    int integer(String name, int absent, int min, int max) {
      String value = options.get(name);
      if (value == null) {
        return absent;
      }
      int number;
      try {
        number = Integer.parseInt(value.strip());
      } catch (NumberFormatException e) {
        throw invalid("invalid value for integer option \"%s\": %s".formatted(name, value));
      }
      if (number < min || number > max) {
        throw invalid("value %s out of bounds for option \"%s\"".formatted(value, name))
            .withDetail("Valid values are between \"%d\" and \"%d\".".formatted(min, max));
      }
      return number;
    }

    double real(String name, double absent, double min, double max) {
      String value = options.get(name);
      if (value == null) {
        return absent;
      }
      double number;
      try {
        number = Double.parseDouble(value.strip());
      } catch (NumberFormatException e) {
        throw invalid("invalid value for floating point option \"%s\": %s".formatted(name, value));
      }
      if (!(number >= min && number <= max)) {
        throw invalid("value %s out of bounds for option \"%s\"".formatted(value, name))
            .withDetail(
                String.format(
                    Locale.ROOT, "Valid values are between \"%f\" and \"%f\".", min, max));
      }
      return number;
    }

    /// As PostgreSQL reads a truth value: any beginning that is not ambiguous.
    boolean bool(String name, String absent) {
      String value = Optional.ofNullable(options.get(name)).orElse(absent);
      return switch (value.strip().toLowerCase(Locale.ROOT)) {
        case "on", "true", "tru", "tr", "t", "yes", "ye", "y", "1" -> true;
        case "off", "of", "false", "fals", "fal", "fa", "f", "no", "n", "0" -> false;
        default ->
            throw invalid("invalid value for boolean option \"%s\": %s".formatted(name, value));
      };
    }

    String word(String name, String absent, String... words) {
      String value = Optional.ofNullable(options.get(name)).orElse(absent);
      String lower = value.toLowerCase(Locale.ROOT);
      if (List.of(words).contains(lower)) {
        return lower;
      }
      String last = words[words.length - 1];
      String others = String.join("\", \"", List.of(words).subList(0, words.length - 1));
      throw invalid("invalid value for enum option \"%s\": %s".formatted(name, value))
          .withDetail("Valid values are \"%s\", and \"%s\".".formatted(others, last));
    }

    private static DatabaseException invalid(String message) {
      return new DatabaseException(SqlState.INVALID_PARAMETER_VALUE, message);
    }
  }
}
