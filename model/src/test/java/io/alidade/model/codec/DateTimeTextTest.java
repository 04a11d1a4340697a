package io.alidade.model.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.alidade.model.ColumnType;
import io.alidade.model.DatabaseException;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DateTimeTextTest {

  @Test
  void anythingFromADateTextAlphabetEndsInAValueOrADatabaseException() {
    long seed = Long.getLong("test.seed", System.nanoTime());
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    String[] pieces = {
      "1",
      "02",
      "2024",
      "-",
      ":",
      "/",
      ".",
      " ",
      "T",
      "Z",
      "Jan",
      "BC",
      "PM",
      "+",
      "+05:30",
      "12",
      "infinity",
      "epoch",
      "Europe/Berlin",
      "99999999999",
      ",",
      "x",
      "mon",
      "24",
      "59",
      "60"
    };
    ColumnType[] types = {ColumnType.DATE, ColumnType.TIMESTAMP, ColumnType.TIMESTAMPTZ};
    ZoneId zone = ZoneId.of("America/New_York");
    for (int round = 0; round < 50_000; round++) {
      StringBuilder text = new StringBuilder();
      for (int i = random.nextInt(9); i >= 0; i--) {
        text.append(pieces[random.nextInt(pieces.length)]);
      }
      ColumnType type = types[round % types.length];
      try {
        Object value = TextCodec.parse(text.toString(), type, zone);
        String shown = TextCodec.format(value, type, zone);
        assertThat(TextCodec.parse(shown, type, zone))
            .as("%s shown as %s", text, shown)
            .isEqualTo(value);
      } catch (DatabaseException e) {
        assertThat(e.state().code()).as(text.toString()).startsWith("22");
      }
    }
  }

  @Test
  void timestampsEndWhereMicrosecondsSince1970Do() {
    assertThat(TextCodec.format(Long.MAX_VALUE - 1, ColumnType.TIMESTAMP, ZoneOffset.UTC))
        .isEqualTo("294247-01-10 04:00:54.775806");
    assertThat(TextCodec.format(Long.MAX_VALUE - 1, ColumnType.TIMESTAMPTZ, ZoneOffset.ofHours(1)))
        .isEqualTo("294247-01-10 05:00:54.775806+01");
    assertThatThrownBy(() -> TextCodec.parse("294247-01-11", ColumnType.TIMESTAMP, ZoneOffset.UTC))
        .hasMessage("timestamp out of range: \"294247-01-11\"");
  }
}
