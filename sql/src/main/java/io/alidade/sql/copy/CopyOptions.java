package io.alidade.sql.copy;

import io.alidade.model.DatabaseException;
import io.alidade.model.SqlState;
import io.alidade.sql.Portal.CopyFormat;
import io.alidade.sql.parse.Copy;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// How the data of one COPY looks.
///
/// @param format text, CSV or binary
/// @param delimiter between fields
/// @param nullText what stands for SQL NULL
/// @param header whether the first line names the columns
/// @param quote around CSV fields
/// @param escape before a quote within a CSV field
public record CopyOptions(
    CopyFormat format, char delimiter, String nullText, Header header, char quote, char escape) {

  private static final String TEXT_NULL = "\\N";
  private static final String FORBIDDEN_TEXT_DELIMITERS = "\\.abcdefghijklmnopqrstuvwxyz0123456789";

  /// Whether the first line names the columns.
  public enum Header {
    ABSENT,
    PRESENT
  }

  /// @throws DatabaseException 42601, 22023 and 0A000 as PostgreSQL refuses options
  public static CopyOptions of(List<Copy.Option> written) {
    Map<String, Copy.Option> options = new HashMap<>();
    for (Copy.Option option : written) {
      if (options.put(option.name(), option) != null) {
        throw new DatabaseException(SqlState.SYNTAX_ERROR, "conflicting or redundant options")
            .at(option.position());
      }
    }
    CopyFormat format = format(options.remove("format"));
    Header header = header(options.remove("header"));
    char delimiter = character(options.remove("delimiter"), format == CopyFormat.CSV ? ',' : '\t');
    String nullText = text(options.remove("null"), format == CopyFormat.CSV ? "" : TEXT_NULL);
    boolean quoting = options.containsKey("quote") || options.containsKey("escape");
    char quote = character(options.remove("quote"), '"');
    char escape = character(options.remove("escape"), quote);
    encoding(options.remove("encoding"));
    options.remove("freeze"); // A hint that asks for nothing that is not so already.
    options.values().forEach(CopyOptions::refuse);
    if (quoting && format != CopyFormat.CSV) {
      throw new DatabaseException(
          SqlState.FEATURE_NOT_SUPPORTED, "COPY quote available only in CSV mode");
    }
    if (header == Header.PRESENT && format == CopyFormat.BINARY) {
      throw new DatabaseException(
          SqlState.FEATURE_NOT_SUPPORTED, "cannot specify HEADER in BINARY mode");
    }
    requireUsable(format, delimiter, quote);
    return new CopyOptions(format, delimiter, nullText, header, quote, escape);
  }

  private static void requireUsable(CopyFormat format, char delimiter, char quote) {
    if (delimiter == '\n' || delimiter == '\r') {
      throw new DatabaseException(
          SqlState.INVALID_PARAMETER_VALUE, "COPY delimiter cannot be newline or carriage return");
    }
    if (format == CopyFormat.TEXT && FORBIDDEN_TEXT_DELIMITERS.indexOf(delimiter) >= 0) {
      throw new DatabaseException(
          SqlState.INVALID_PARAMETER_VALUE, "COPY delimiter cannot be \"" + delimiter + "\"");
    }
    if (format == CopyFormat.CSV && delimiter == quote) {
      throw new DatabaseException(
          SqlState.INVALID_PARAMETER_VALUE, "COPY delimiter and quote must be different");
    }
  }

  private static CopyFormat format(Copy.@org.jspecify.annotations.Nullable Option option) {
    if (option == null) {
      return CopyFormat.TEXT;
    }
    return switch (single(option).toLowerCase(Locale.ROOT)) {
      case "text" -> CopyFormat.TEXT;
      case "csv" -> CopyFormat.CSV;
      case "binary" -> CopyFormat.BINARY;
      default ->
          throw new DatabaseException(
                  SqlState.INVALID_PARAMETER_VALUE,
                  "COPY format \"" + single(option) + "\" not recognized")
              .at(option.position());
    };
  }

  private static Header header(Copy.@org.jspecify.annotations.Nullable Option option) {
    if (option == null) {
      return Header.ABSENT;
    }
    String value = option.values().isEmpty() ? "true" : single(option);
    return switch (value.toLowerCase(Locale.ROOT)) {
      case "true", "on", "1" -> Header.PRESENT;
      case "false", "off", "0" -> Header.ABSENT;
      case "match" ->
          throw new DatabaseException(
              SqlState.FEATURE_NOT_SUPPORTED, "COPY HEADER MATCH is not supported");
      default ->
          throw new DatabaseException(
              SqlState.SYNTAX_ERROR, "header requires a Boolean value or \"match\"");
    };
  }

  private static char character(
      Copy.@org.jspecify.annotations.Nullable Option option, char otherwise) {
    if (option == null) {
      return otherwise;
    }
    String value = single(option);
    if (value.length() != 1 || value.charAt(0) >= 0x80) {
      throw new DatabaseException(
          SqlState.FEATURE_NOT_SUPPORTED,
          "COPY " + option.name() + " must be a single one-byte character");
    }
    return value.charAt(0);
  }

  private static String text(
      Copy.@org.jspecify.annotations.Nullable Option option, String otherwise) {
    return option == null ? otherwise : single(option);
  }

  private static void encoding(Copy.@org.jspecify.annotations.Nullable Option option) {
    if (option != null
        && !single(option)
            .replace("-", "")
            .equalsIgnoreCase(StandardCharsets.UTF_8.name().replace("-", ""))) {
      throw new DatabaseException(
          SqlState.FEATURE_NOT_SUPPORTED, "COPY with an encoding other than UTF8 is not supported");
    }
  }

  private static void refuse(Copy.Option option) {
    throw switch (option.name()) {
      case "force_quote", "force_not_null", "force_null" ->
          new DatabaseException(
                  SqlState.FEATURE_NOT_SUPPORTED,
                  "COPY option " + option.name() + " is not supported")
              .at(option.position());
      default ->
          new DatabaseException(
                  SqlState.SYNTAX_ERROR, "option \"" + option.name() + "\" not recognized")
              .at(option.position());
    };
  }

  private static String single(Copy.Option option) {
    if (option.values().size() != 1) {
      throw new DatabaseException(SqlState.SYNTAX_ERROR, option.name() + " requires a parameter")
          .at(option.position());
    }
    return option.values().getFirst();
  }
}
