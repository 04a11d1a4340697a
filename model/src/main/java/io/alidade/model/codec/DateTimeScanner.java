package io.alidade.model.codec;

import io.alidade.model.DatabaseException;
import io.alidade.model.SqlState;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.Month;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Takes a date-and-time text apart into its fields, as the appendix "Date/Time Support" of
/// PostgreSQL's manual describes: tokens first, each then known by its look.
///
/// What PostgreSQL also takes and this does not: Julian days and days of the year, and words that
/// need a clock (`now`, `today`).
///
/// Dates are `2024-01-02`, `1/2/2024` (month first), `20240102`, `2 Jan 2024`, `January 2, 2024`;
/// times `03:04`, `03:04:05.678`, with `AM` or `PM`; zones an offset, `Z`, an abbreviation of UTC
/// or a name.
final class DateTimeScanner {

  /// What a text may say instead of fields.
  enum Special {
    NONE,
    EPOCH,
    INFINITY,
    MINUS_INFINITY
  }

  private static final int MAX_OFFSET_SECONDS = 16 * 3600 - 1;
  private static final int MAX_TOKENS = 25;

  private final String text;
  private final String typeName;
  private Special special = Special.NONE;

  private @Nullable Long year;
  private int month;
  private int day;
  private boolean beforeChrist;
  private boolean yearHasTwoDigits;
  private @Nullable Long microOfDay;
  private @Nullable ZoneId zone;
  private final List<String> loneNumbers = new ArrayList<>();

  private DateTimeScanner(String text, String typeName) {
    this.text = text;
    this.typeName = typeName;
  }

  /// @throws DatabaseException 22007 or 22008
  static DateTimeScanner scan(String text, String typeName) {
    DateTimeScanner scanner = new DateTimeScanner(text, typeName);
    scanner.scan();
    return scanner;
  }

  Special special() {
    return special;
  }

  /// Days since 1970-01-01, not limited to PostgreSQL's range.
  long epochDay() {
    long y = year == null ? 0 : year;
    return LocalDate.of((int) Math.min(y, 999_999_999), month, day).toEpochDay();
  }

  /// May be a whole day, for 24:00.
  long microOfDay() {
    return microOfDay == null ? 0 : microOfDay;
  }

  Optional<ZoneId> zone() {
    return Optional.ofNullable(zone);
  }

  private void scan() {
    int at = 0;
    int tokens = 0;
    while (true) {
      while (at < text.length()
          && (NumberText.isSpace(text.charAt(at)) || text.charAt(at) == ',')) {
        at++;
      }
      if (at == text.length()) {
        break;
      }
      if (++tokens > MAX_TOKENS) {
        throw syntax();
      }
      at = token(at);
    }
    if (tokens == 0) {
      throw syntax();
    }
    if (special == Special.NONE) {
      placeLoneNumbers();
      checkDate();
    }
  }

  /// Takes one token and says where it ends.
  private int token(int from) {
    char c = text.charAt(from);
    if (isDigit(c)) {
      return number(from);
    }
    if (isLetter(c)) {
      return word(from);
    }
    if (c == '+' || c == '-') {
      if (from + 1 < text.length() && isDigit(text.charAt(from + 1))) {
        return offset(from);
      }
      if (text.regionMatches(true, from + 1, "infinity", 0, 8)) {
        special = c == '-' ? Special.MINUS_INFINITY : Special.INFINITY;
        return from + 9;
      }
    }
    throw syntax();
  }

  private int number(int from) {
    int end = digitsEnd(from);
    char next = end < text.length() ? text.charAt(end) : ' ';
    if (next == ':') {
      return time(from);
    }
    if (next == '-' || next == '/' || next == '.') {
      return date(from, next);
    }
    if (end - from == 8 && year == null) { // 20240102
      setDate(
          text.substring(from, from + 4),
          text.substring(from + 4, from + 6),
          text.substring(from + 6, end));
    } else if (end - from == 6 && year != null && microOfDay == null) { // 030405
      setTime(number(from, from + 2), number(from + 2, from + 4), number(from + 4, end), 0);
    } else if (end - from == 6 && year == null && loneNumbers.isEmpty() && month == 0) { // 240102
      setDate(
          text.substring(from, from + 2),
          text.substring(from + 2, from + 4),
          text.substring(from + 4, end));
    } else {
      loneNumbers.add(text.substring(from, end));
    }
    return end;
  }

  private int date(int from, char separator) {
    int firstEnd = digitsEnd(from);
    int second = firstEnd + 1;
    int secondEnd = second;
    boolean named = second < text.length() && isLetter(text.charAt(second));
    while (secondEnd < text.length()
        && (named ? isLetter(text.charAt(secondEnd)) : isDigit(text.charAt(secondEnd)))) {
      secondEnd++;
    }
    if (year != null
        || secondEnd == second
        || secondEnd + 1 >= text.length()
        || text.charAt(secondEnd) != separator
        || !isDigit(text.charAt(secondEnd + 1))) {
      throw syntax();
    }
    int third = secondEnd + 1;
    int thirdEnd = digitsEnd(third);
    String a = text.substring(from, firstEnd);
    String b = text.substring(second, secondEnd);
    String c = text.substring(third, thirdEnd);
    if (named) {
      int monthNumber = monthNumber(b.toLowerCase(Locale.ROOT));
      if (monthNumber == 0) {
        throw syntax();
      }
      String m = Integer.toString(monthNumber);
      if (a.length() > 2) {
        setDate(a, m, c);
      } else {
        setDate(c, m, a);
      }
    } else if (a.length() > 2) {
      setDate(a, b, c);
    } else {
      setDate(c, a, b);
    }
    return thirdEnd;
  }

  private int time(int from) {
    int hourEnd = digitsEnd(from);
    int minuteEnd = digitsEnd(hourEnd + 1);
    long second = 0;
    long micros = 0;
    int end = minuteEnd;
    if (minuteEnd == hourEnd + 1 || microOfDay != null) {
      throw syntax();
    }
    if (end < text.length() && text.charAt(end) == ':') {
      int secondEnd = digitsEnd(end + 1);
      second = secondEnd == end + 1 ? 0 : number(end + 1, secondEnd);
      end = secondEnd;
      if (end < text.length() && text.charAt(end) == '.') {
        int fractionEnd = digitsEnd(end + 1);
        micros = fraction(end + 1, fractionEnd);
        end = fractionEnd;
      }
    }
    setTime(number(from, hourEnd), number(hourEnd + 1, minuteEnd), second, micros);
    return end;
  }

  /// The digits after a decimal point, rounded to microseconds.
  private long fraction(int from, int to) {
    if (from == to) {
      return 0;
    }
    return (long) Math.rint(Double.parseDouble("0." + text.substring(from, to)) * 1e6);
  }

  private void setTime(long hour, long minute, long second, long micros) {
    long total = ((hour * 60 + minute) * 60 + second) * DateTimeText.MICROS_PER_SECOND + micros;
    if (hour > 24 || minute > 59 || second > 60 || total > DateTimeText.MICROS_PER_DAY) {
      throw overflow();
    }
    microOfDay = total;
  }

  private int word(int from) {
    int end = from;
    while (end < text.length() && isLetter(text.charAt(end))) {
      end++;
    }
    String word = text.substring(from, end).toLowerCase(Locale.ROOT);
    boolean timeFollows = end < text.length() && isDigit(text.charAt(end));
    if (word.equals("t") && timeFollows && year != null) {
      return end;
    }
    if (takeKeyword(word)) {
      boolean dashed = end + 1 < text.length() && text.charAt(end) == '-' && loneNumbers.isEmpty();
      return dashed && monthNumber(word) != 0 ? afterMonth(end) : end;
    }
    return zoneName(from);
  }

  /// Takes the rest of a date such as `Jan-08-1999`.
  private int afterMonth(int from) {
    int dayEnd = digitsEnd(from + 1);
    if (dayEnd == from + 1
        || dayEnd + 1 >= text.length()
        || text.charAt(dayEnd) != '-'
        || !isDigit(text.charAt(dayEnd + 1))) {
      throw syntax();
    }
    int yearEnd = digitsEnd(dayEnd + 1);
    setDate(
        text.substring(dayEnd + 1, yearEnd),
        Integer.toString(month),
        text.substring(from + 1, dayEnd));
    return yearEnd;
  }

  private boolean takeKeyword(String word) {
    switch (word) {
      case "bc" -> beforeChrist = true;
      case "ad" -> beforeChrist = false;
      case "am" -> halfDay(0);
      case "pm" -> halfDay(12);
      case "z", "zulu", "utc", "ut", "gmt" -> setZone(ZoneOffset.UTC);
      case "epoch" -> special = Special.EPOCH;
      case "infinity" -> special = Special.INFINITY;
      default -> {
        int monthNumber = monthNumber(word);
        if (monthNumber == 0) {
          return isDayName(word) || word.equals("at");
        }
        if (month != 0) {
          throw syntax();
        }
        month = monthNumber;
      }
    }
    return true;
  }

  private void halfDay(int hours) {
    Long time = microOfDay;
    if (time == null || time > 13 * (DateTimeText.MICROS_PER_DAY / 24) - 1) {
      throw time == null ? syntax() : overflow();
    }
    long noon = DateTimeText.MICROS_PER_DAY / 2;
    microOfDay = time % noon + (hours == 0 ? 0 : noon);
  }

  private int zoneName(int from) {
    int end = from;
    while (end < text.length()
        && (isLetter(text.charAt(end))
            || isDigit(text.charAt(end))
            || "/_+-".indexOf(text.charAt(end)) >= 0)) {
      end++;
    }
    String name = text.substring(from, end);
    try {
      setZone(ZoneId.of(name));
    } catch (DateTimeException e) {
      if (name.indexOf('/') >= 0) {
        throw new DatabaseException(
            SqlState.INVALID_PARAMETER_VALUE,
            "time zone \"" + name.toLowerCase(Locale.ROOT) + "\" not recognized");
      }
      throw syntax();
    }
    return end;
  }

  private int offset(int from) {
    int hourEnd = digitsEnd(from + 1);
    long hours = number(from + 1, hourEnd);
    long minutes = 0;
    long seconds = 0;
    int end = hourEnd;
    if (end < text.length() && text.charAt(end) == ':') {
      end = digitsEnd(hourEnd + 1);
      minutes = number(hourEnd + 1, end);
      if (end < text.length() && text.charAt(end) == ':') {
        int secondEnd = digitsEnd(end + 1);
        seconds = number(end + 1, secondEnd);
        end = secondEnd;
      }
    } else if (hourEnd - from - 1 > 2) { // +0530
      minutes = hours % 100;
      hours /= 100;
    }
    long size = (hours * 60 + minutes) * 60 + seconds;
    if (minutes > 59 || seconds > 59 || size > MAX_OFFSET_SECONDS) {
      throw new DatabaseException(
          SqlState.INVALID_TIME_ZONE_DISPLACEMENT_VALUE,
          "time zone displacement out of range: \"" + ValueErrors.quoted(text) + "\"");
    }
    setZone(ZoneOffset.ofTotalSeconds((int) (text.charAt(from) == '-' ? -size : size)));
    return end;
  }

  private void setZone(ZoneId found) {
    if (zone != null || (year == null && month == 0 && microOfDay == null)) {
      throw syntax();
    }
    zone = found;
  }

  private void setDate(String yearDigits, String monthDigits, String dayDigits) {
    year = Long.parseLong(bounded(yearDigits));
    yearHasTwoDigits = yearDigits.length() <= 2;
    month = (int) Long.parseLong(bounded(monthDigits));
    day = (int) Long.parseLong(bounded(dayDigits));
  }

  /// Day and year of a date with its month in letters: the day comes first unless it is too long.
  private void placeLoneNumbers() {
    for (String digits : loneNumbers) {
      if (month == 0 || (year != null && day != 0)) {
        throw syntax();
      }
      if (day == 0 && digits.length() <= 2) {
        day = Integer.parseInt(digits);
      } else if (year == null) {
        year = Long.parseLong(bounded(digits));
        yearHasTwoDigits = digits.length() <= 2;
      } else {
        throw syntax();
      }
    }
  }

  private void checkDate() {
    Long given = year;
    if (given == null) {
      throw syntax();
    }
    long y = given;
    if (beforeChrist) {
      if (y == 0) {
        throw overflow();
      }
      y = 1 - y;
    } else if (yearHasTwoDigits) {
      y += y < 70 ? 2000 : 1900;
    } else if (y == 0) {
      throw overflow();
    }
    if (month < 1 || month > 12) {
      throw overflow().withHint("Perhaps you need a different \"datestyle\" setting.");
    }
    if (day < 1
        || y > 999_999_999
        || day > YearMonth.of((int) y, Month.of(month)).lengthOfMonth()) {
      throw overflow();
    }
    year = y;
  }

  private static int monthNumber(String word) {
    if (word.length() < 3) {
      return 0;
    }
    if (word.equals("sept")) {
      return 9;
    }
    for (Month candidate : Month.values()) {
      String name = candidate.name().toLowerCase(Locale.ROOT);
      if (word.equals(name) || word.equals(name.substring(0, 3))) {
        return candidate.getValue();
      }
    }
    return 0;
  }

  private static boolean isDayName(String word) {
    for (java.time.DayOfWeek candidate : java.time.DayOfWeek.values()) {
      String name = candidate.name().toLowerCase(Locale.ROOT);
      if (word.equals(name) || word.equals(name.substring(0, 3))) {
        return true;
      }
    }
    return word.equals("tues")
        || word.equals("wednes")
        || word.equals("thur")
        || word.equals("thurs");
  }

  private int digitsEnd(int from) {
    int end = from;
    while (end < text.length() && isDigit(text.charAt(end))) {
      end++;
    }
    return end;
  }

  private long number(int from, int to) {
    if (from == to) {
      throw syntax();
    }
    return Long.parseLong(bounded(text.substring(from, to)));
  }

  private String bounded(String digits) {
    if (digits.length() > 9) {
      throw overflow();
    }
    return digits;
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private static boolean isLetter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  }

  private DatabaseException syntax() {
    return new DatabaseException(
        SqlState.INVALID_DATETIME_FORMAT,
        "invalid input syntax for type " + typeName + ": \"" + ValueErrors.quoted(text) + "\"");
  }

  private DatabaseException overflow() {
    return new DatabaseException(
        SqlState.DATETIME_FIELD_OVERFLOW,
        "date/time field value out of range: \"" + ValueErrors.quoted(text) + "\"");
  }
}
