package io.alidade.sql.session;

import io.alidade.model.DatabaseException;
import io.alidade.model.SqlState;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What kinds of value settings take, each as a function from what was written to what is kept.
final class SettingValues {

  private static final Pattern QUANTITY =
      Pattern.compile("\\s*(-?\\d+(?:\\.\\d+)?)\\s*([A-Za-z]*)\\s*");
  private static final Pattern OFFSET_HOURS = Pattern.compile("([+-]?)(\\d{1,2})(?::?(\\d{2}))?");

  private static final Map<String, Long> MILLIS_PER_UNIT =
      Map.of("ms", 1L, "s", 1_000L, "min", 60_000L, "h", 3_600_000L, "d", 86_400_000L);
  private static final Map<String, Long> KIB_PER_UNIT =
      Map.of("kB", 1L, "MB", 1L << 10, "GB", 1L << 20, "TB", 1L << 30);

  private SettingValues() {}

  static UnaryOperator<String> text() {
    return written -> written;
  }

  static UnaryOperator<String> bool(String name) {
    return written ->
        switch (written.toLowerCase(Locale.ROOT)) {
          case "on", "true", "yes", "1", "t", "y" -> "on";
          case "off", "false", "no", "0", "f", "n" -> "off";
          default ->
              throw new DatabaseException(
                  SqlState.INVALID_PARAMETER_VALUE,
                  "parameter \"" + name + "\" requires a Boolean value");
        };
  }

  static UnaryOperator<String> oneOf(String name, String... allowed) {
    return written -> {
      String lower = written.toLowerCase(Locale.ROOT);
      if (!List.of(allowed).contains(lower)) {
        throw SettingDefinition.invalid(
            name, written, Optional.of("Available values: " + String.join(", ", allowed) + "."));
      }
      return lower;
    };
  }

  static UnaryOperator<String> integer(String name, long min, long max) {
    return written -> {
      long value;
      try {
        value = Long.parseLong(written.strip());
      } catch (NumberFormatException e) {
        throw SettingDefinition.invalid(name, written);
      }
      checkRange(name, value, min, max);
      return Long.toString(value);
    };
  }

  /// A number with a fraction; kept without zeros at its end.
  static UnaryOperator<String> real(String name, double min, double max) {
    return written -> {
      double value;
      try {
        value = new BigDecimal(written.strip()).doubleValue();
      } catch (NumberFormatException e) {
        throw SettingDefinition.invalid(name, written);
      }
      if (value < min || value > max) {
        throw new DatabaseException(
            SqlState.INVALID_PARAMETER_VALUE,
            "%s is outside the valid range for parameter \"%s\" (%s .. %s)"
                .formatted(number(value), name, number(min), number(max)));
      }
      return number(value);
    };
  }

  static String number(double value) {
    return value == Math.rint(value) && Math.abs(value) < Integer.MAX_VALUE
        ? Long.toString((long) value)
        : Double.toString(value);
  }

  /// A time; a bare number counts milliseconds. Kept with the largest unit that divides it.
  static UnaryOperator<String> duration(String name) {
    return written ->
        withUnit(
            quantity(name, written, MILLIS_PER_UNIT), MILLIS_PER_UNIT, "d", "h", "min", "s", "ms");
  }

  /// A size; a bare number counts kilobytes. Kept with the largest unit that divides it.
  static UnaryOperator<String> size(String name, long minKib) {
    return written -> {
      long kib = quantity(name, written, KIB_PER_UNIT);
      checkRange(name, kib, minKib, Integer.MAX_VALUE);
      return withUnit(kib, KIB_PER_UNIT, "TB", "GB", "MB", "kB");
    };
  }

  /// A size as a setting keeps it.
  static String sizeOf(long bytes) {
    return withUnit(bytes >> 10, KIB_PER_UNIT, "TB", "GB", "MB", "kB");
  }

  static long millis(String canonical) {
    return quantity("", canonical, MILLIS_PER_UNIT);
  }

  static long kib(String canonical) {
    return quantity("", canonical, KIB_PER_UNIT);
  }

  private static long quantity(String name, String written, Map<String, Long> units) {
    Matcher matcher = QUANTITY.matcher(written);
    Long factor = matcher.matches() ? factor(matcher.group(2), units) : null;
    if (factor == null) {
      throw SettingDefinition.invalid(name, written);
    }
    try {
      long value =
          new BigDecimal(matcher.group(1))
              .multiply(BigDecimal.valueOf(factor))
              .setScale(0, RoundingMode.HALF_EVEN)
              .longValueExact();
      checkRange(name, value, 0, Integer.MAX_VALUE);
      return value;
    } catch (ArithmeticException | NumberFormatException e) {
      throw SettingDefinition.invalid(name, written);
    }
  }

  private static @org.jspecify.annotations.Nullable Long factor(
      String unit, Map<String, Long> units) {
    return unit.isEmpty() ? Long.valueOf(1) : units.get(unit);
  }

  private static String withUnit(long value, Map<String, Long> units, String... largestFirst) {
    if (value == 0) {
      return "0";
    }
    for (String unit : largestFirst) {
      long factor = units.getOrDefault(unit, 1L);
      if (value % factor == 0) {
        return value / factor + unit;
      }
    }
    return Long.toString(value);
  }

  private static void checkRange(String name, long value, long min, long max) {
    if (value < min || value > max) {
      throw new DatabaseException(
          SqlState.INVALID_PARAMETER_VALUE,
          "%d is outside the valid range for parameter \"%s\" (%d .. %d)"
              .formatted(value, name, min, max));
    }
  }

  static UnaryOperator<String> zone() {
    return written -> {
      zoneOf(written);
      return written;
    };
  }

  /// The zone that a value of `TimeZone` names. As in PostgreSQL, a bare number of hours counts
  /// east of Greenwich, while in a name such as `GMT+3` POSIX counts west.
  static ZoneId zoneOf(String value) {
    Matcher hours = OFFSET_HOURS.matcher(value.strip());
    try {
      if (hours.matches()) {
        String sign = hours.group(1).isEmpty() ? "+" : hours.group(1);
        int minutes = hours.group(3) == null ? 0 : Integer.parseInt(hours.group(3));
        return ZoneId.of("%s%02d:%02d".formatted(sign, Integer.parseInt(hours.group(2)), minutes));
      }
      return namedZone(value.strip());
    } catch (DateTimeException e) {
      throw SettingDefinition.invalid("TimeZone", value);
    }
  }

  private static ZoneId namedZone(String name) {
    if (name.regionMatches(true, 0, "GMT", 0, 3) && name.length() > 3) {
      char sign = name.charAt(3);
      if (sign == '+' || sign == '-') {
        return ZoneId.of("GMT" + (sign == '+' ? '-' : '+') + name.substring(4));
      }
    }
    for (String id : ZoneId.getAvailableZoneIds()) {
      if (id.equalsIgnoreCase(name)) {
        return ZoneId.of(id);
      }
    }
    return ZoneId.of(name);
  }

  /// DateStyle: only ISO output is there; the order of day and month in input may be chosen.
  static UnaryOperator<String> dateStyle() {
    return written -> {
      String order = "MDY";
      for (String part : written.split(",")) {
        switch (part.strip().toUpperCase(Locale.ROOT)) {
          case "ISO", "" -> {}
          case "MDY", "US", "NONEUROPEAN" -> order = "MDY";
          case "DMY", "EUROPEAN" -> order = "DMY";
          case "YMD" -> order = "YMD";
          case "SQL", "POSTGRES", "GERMAN" ->
              throw new DatabaseException(
                  SqlState.FEATURE_NOT_SUPPORTED, "DateStyle other than ISO is not supported");
          default -> throw SettingDefinition.invalid("DateStyle", written);
        }
      }
      return "ISO, " + order;
    };
  }

  static UnaryOperator<String> utf8(String name) {
    return written -> {
      String plain = written.replace("-", "").replace("_", "").toUpperCase(Locale.ROOT);
      if (plain.equals("UTF8") || plain.equals("UNICODE")) {
        return "UTF8";
      }
      throw new DatabaseException(
          SqlState.FEATURE_NOT_SUPPORTED,
          "parameter \"" + name + "\" cannot be \"" + written + "\": only UTF8 is supported");
    };
  }
}
