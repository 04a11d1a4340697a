package io.alidade.model.codec;

import java.time.DateTimeException;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What the values of PostgreSQL's setting `TimeZone` mean.
///
/// A value is a name of the IANA database in any case, or a POSIX specification such as `GMT-03:00`
/// or `<+03>-03`, whose sign is the other way round: positive is west of Greenwich. A bare number
/// of hours, such as `+5:30`, counts east.
public final class TimeZones {

  private static final Map<String, String> IDS = new HashMap<>();

  private static final Pattern POSIX =
      Pattern.compile(
          "(?:[A-Za-z]{3,}|<[-+A-Za-z0-9]+>)([-+]?)(\\d{1,2})(?::(\\d{2}))?(?::(\\d{2}))?");

  private static final Pattern HOURS =
      Pattern.compile("([-+]?)(\\d{1,2})(?::(\\d{2}))?(?::(\\d{2}))?");

  private static final int MAX_HOURS = 18;

  static {
    for (String id : ZoneId.getAvailableZoneIds()) {
      IDS.put(id.toLowerCase(Locale.ROOT), id);
    }
  }

  private TimeZones() {}

  /// The zone, or empty when there is none with this name.
  public static Optional<ZoneId> byName(String name) {
    String trimmed = name.strip();
    String lower = trimmed.toLowerCase(Locale.ROOT);
    if (lower.equals("utc") || lower.equals("gmt") || lower.equals("z")) {
      return Optional.of(ZoneOffset.UTC);
    }
    String id = IDS.get(lower);
    return id != null ? Optional.of(ZoneId.of(id)) : offset(trimmed);
  }

  private static Optional<ZoneId> offset(String name) {
    Matcher hours = HOURS.matcher(name);
    if (hours.matches()) {
      return offset(hours, !hours.group(1).equals("-"));
    }
    Matcher posix = POSIX.matcher(name);
    return posix.matches() ? offset(posix, posix.group(1).equals("-")) : Optional.empty();
  }

  private static Optional<ZoneId> offset(Matcher matcher, boolean east) {
    int hours = Integer.parseInt(matcher.group(2));
    int minutes = matcher.group(3) == null ? 0 : Integer.parseInt(matcher.group(3));
    int seconds = matcher.group(4) == null ? 0 : Integer.parseInt(matcher.group(4));
    if (hours > MAX_HOURS || minutes > 59 || seconds > 59) {
      return Optional.empty();
    }
    int size = (hours * 60 + minutes) * 60 + seconds;
    try {
      return Optional.of(ZoneOffset.ofTotalSeconds(east ? size : -size));
    } catch (DateTimeException e) {
      return Optional.empty(); // 18:00:01 and above.
    }
  }
}
