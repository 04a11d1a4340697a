package io.alidade.model.codec;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class TimeZonesTest {

  @Test
  void namesAreTakenInAnyCaseAndPosixSignsAreWestward() {
    assertThat(TimeZones.byName("europe/berlin")).contains(ZoneId.of("Europe/Berlin"));
    assertThat(TimeZones.byName("UTC")).contains(ZoneOffset.UTC);
    assertThat(TimeZones.byName("GMT-03:00")).contains(ZoneOffset.ofHours(3));
    assertThat(TimeZones.byName("<+05>-05")).contains(ZoneOffset.ofHours(5));
    assertThat(TimeZones.byName("EST5")).contains(ZoneOffset.ofHours(-5));
    assertThat(TimeZones.byName("3")).contains(ZoneOffset.ofHours(3));
    assertThat(TimeZones.byName("-5:30")).contains(ZoneOffset.ofHoursMinutes(-5, -30));
    assertThat(TimeZones.byName("GMT-18:01")).isEmpty();
    assertThat(TimeZones.byName("Nowhere/Land")).isEmpty();
  }
}
