package io.alidade.storage.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

import io.alidade.engine.hnsw.Coding;
import io.alidade.engine.hnsw.HnswParameters;
import io.alidade.engine.quantization.Quantization;
import io.alidade.engine.quantization.Quantization.Binary;
import io.alidade.engine.quantization.Quantization.Turbo;
import io.alidade.engine.vector.Distance;
import io.alidade.model.DatabaseException;
import io.alidade.model.SqlState;
import io.alidade.storage.catalog.VectorIndexOptions.CodePlacement;
import io.alidade.storage.catalog.VectorIndexOptions.Residence;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class VectorIndexOptionsTest {

  private static Coding coding(String... options) {
    return options(options).coding();
  }

  private static VectorIndexOptions options(String... options) {
    Map<String, String> written = new java.util.LinkedHashMap<>();
    for (int i = 0; i < options.length; i += 2) {
      written.put(options[i], options[i + 1]);
    }
    return VectorIndexOptions.of(written);
  }

  @Test
  void withoutOptionsTheDefaultsHold() {
    assertThat(options())
        .isEqualTo(
            new VectorIndexOptions(
                HnswParameters.DEFAULT,
                Coding.AUTOMATIC,
                CodePlacement.APART,
                Residence.CACHED,
                OptionalInt.empty()));
  }

  @Test
  void everyMethodIsNamedWithItsOwnOptions() {
    assertThat(coding("quantization", "none")).isEqualTo(Coding.NONE);
    assertThat(coding("quantization", "AUTO")).isEqualTo(Coding.AUTOMATIC);
    assertThat(coding("quantization", "scalar", "quantile", "0.99"))
        .isEqualTo(new Coding.Fixed(new Quantization.Scalar(0.99)));
    assertThat(coding("quantization", "product", "compression", "x32"))
        .isEqualTo(new Coding.Fixed(new Quantization.Product(32)));
    assertThat(
            coding(
                "quantization", "binary", "encoding", "two_bits", "query_encoding", "scalar8bits"))
        .isEqualTo(
            new Coding.Fixed(
                new Binary(Binary.Encoding.TWO_BITS, Binary.QueryEncoding.SCALAR_8_BITS)));
    assertThat(coding("quantization", "binary")).isEqualTo(new Coding.Fixed(Quantization.BINARY));
    assertThat(coding("quantization", "turbo", "bits", "1.5"))
        .isEqualTo(new Coding.Fixed(new Turbo(Turbo.Bits.ONE_AND_HALF)));
  }

  @Test
  void optionsOfAnotherMethodAreKeptWithoutEffect() {
    assertThat(coding("quantization", "scalar", "bits", "2"))
        .isEqualTo(new Coding.Fixed(Quantization.SCALAR));
  }

  @Test
  void differentCodingsHaveDifferentTexts() {
    assertThat(
            new String[] {
              options().codingText(),
              options("quantization", "none").codingText(),
              options("quantization", "scalar").codingText(),
              options("quantization", "scalar", "quantile", "0.99").codingText(),
              options("quantization", "product").codingText(),
              options("quantization", "product", "compression", "x8").codingText(),
              options("quantization", "binary").codingText(),
              options("quantization", "binary", "encoding", "two_bits").codingText(),
              options("quantization", "binary", "query_encoding", "binary").codingText(),
              options("quantization", "turbo").codingText(),
              options("quantization", "turbo", "bits", "1").codingText()
            })
        .doesNotHaveDuplicates();
  }

  @Test
  void inlineStorageIsATruthValueAsPostgresqlWritesThem() {
    for (String on : new String[] {"on", "ON", "true", "t", "yes", "1"}) {
      assertThat(options("inline_storage", on).codePlacement())
          .isEqualTo(CodePlacement.BESIDE_NEIGHBORS);
    }
    for (String off : new String[] {"off", "False", "n", "0"}) {
      assertThat(options("inline_storage", off).codePlacement()).isEqualTo(CodePlacement.APART);
    }
    for (String wrong : new String[] {"maybe", "", "o", "2"}) {
      assertRefused(
          "invalid value for boolean option \"inline_storage\": " + wrong,
          null,
          "inline_storage",
          wrong);
    }
  }

  @Test
  void inlineStorageNeedsCodes() {
    assertRefused(
        "inline_storage stores codes beside the graph: it needs a quantization other than none",
        null,
        "inline_storage",
        "on",
        "quantization",
        "none");
    assertThatNoException()
        .isThrownBy(() -> options("inline_storage", "off", "quantization", "none"));
    assertThatExceptionOfType(DatabaseException.class)
        .isThrownBy(() -> options("inline_storage", "on").requireFor(Distance.HAMMING))
        .matches(e -> e.state() == SqlState.FEATURE_NOT_SUPPORTED);
    assertThatNoException()
        .isThrownBy(() -> options("inline_storage", "on").requireFor(Distance.L1));
  }

  @Test
  void whatIsNotKnownOrOutOfBoundsIsRefusedAsPostgresqlDoes() {
    assertRefused("unrecognized parameter \"x\"", null, "x", "1");
    assertRefused(
        "value 101 out of bounds for option \"m\"",
        "Valid values are between \"2\" and \"100\".",
        "m",
        "101");
    assertRefused("invalid value for integer option \"m\": a", null, "m", "a");
    assertRefused(
        "value 1.5 out of bounds for option \"quantile\"",
        "Valid values are between \"0.500000\" and \"1.000000\".",
        "quantile",
        "1.5");
    assertRefused(
        "invalid value for enum option \"memory\": hot",
        "Valid values are \"cold\", \"cached\", and \"pinned\".",
        "memory",
        "hot");
    assertRefused(
        "invalid value for enum option \"compression\": x5",
        "Valid values are \"x4\", \"x8\", \"x16\", \"x32\", and \"x64\".",
        "compression",
        "x5");
    assertRefused("ef_construction must be greater than or equal to 2 * m", null, "m", "64");
  }

  private static void assertRefused(
      String message, @org.jspecify.annotations.Nullable String detail, String... options) {
    assertThatExceptionOfType(DatabaseException.class)
        .isThrownBy(() -> options(options))
        .matches(e -> e.state() == SqlState.INVALID_PARAMETER_VALUE)
        .matches(e -> e.message().equals(message), message)
        .satisfies(e ->
            assertThat(e.field(DatabaseException.Field.DETAIL).orElse(null)).isEqualTo(detail));
  }

  @Test
  void thereAreNoCodesForSumsOfMagnitudes() {
    assertThatExceptionOfType(DatabaseException.class)
        .isThrownBy(() -> options("quantization", "binary").requireFor(Distance.L1))
        .matches(e -> e.state() == SqlState.FEATURE_NOT_SUPPORTED);
    assertThatNoException().isThrownBy(() -> options().requireFor(Distance.L1));
  }
}
