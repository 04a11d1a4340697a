package io.alidade.server.shell;

import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Rows as aligned text, the way psql prints them.
public final class TextTable {
  /// A width that no cell reaches.
  public static final int UNLIMITED = Integer.MAX_VALUE;

  private final List<String> names;
  private final List<Alignment> alignments;
  private final List<List<String>> rows;

  private enum Alignment {
    LEFT,
    RIGHT
  }

  private TextTable(List<String> names, List<Alignment> alignments, List<List<String>> rows) {
    this.names = names;
    this.alignments = alignments;
    this.rows = rows;
  }

  /// Reads all rows that are left.
  ///
  /// @param maxWidth a longer cell is cut there, and ends in an ellipsis
  public static TextTable read(ResultSet results, int maxWidth) throws SQLException {
    ResultSetMetaData metadata = results.getMetaData();
    int columns = metadata.getColumnCount();
    List<String> names = new ArrayList<>();
    List<Alignment> alignments = new ArrayList<>();
    for (int i = 1; i <= columns; i++) {
      names.add(metadata.getColumnLabel(i));
      alignments.add(isNumber(metadata.getColumnType(i)) ? Alignment.RIGHT : Alignment.LEFT);
    }
    List<List<String>> rows = new ArrayList<>();
    while (results.next()) {
      List<String> row = new ArrayList<>();
      for (int i = 1; i <= columns; i++) {
        String value = results.getString(i);
        row.add(value == null ? "" : cut(value, maxWidth));
      }
      rows.add(row);
    }
    return new TextTable(names, alignments, rows);
  }

  public int rowCount() {
    return rows.size();
  }

  /// The header, a line under it and the rows, one line each, without `(n rows)`.
  public List<String> lines() {
    int[] widths = new int[names.size()];
    for (int i = 0; i < widths.length; i++) {
      widths[i] = width(names.get(i));
      for (List<String> row : rows) {
        widths[i] = Math.max(widths[i], width(row.get(i)));
      }
    }
    List<String> lines = new ArrayList<>();
    lines.add(line(names, widths, i -> Alignment.LEFT));
    lines.add(rule(widths));
    for (List<String> row : rows) {
      lines.add(line(row, widths, alignments::get));
    }
    return lines;
  }

  private interface Aligner {
    Alignment of(int column);
  }

  private static String line(List<String> cells, int[] widths, Aligner aligner) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < widths.length; i++) {
      String cell = cells.get(i);
      String padding = " ".repeat(widths[i] - width(cell));
      line.append(i == 0 ? " " : " | ");
      line.append(
          switch (aligner.of(i)) {
            case LEFT -> cell + padding;
            case RIGHT -> padding + cell;
          });
    }
    return line.toString().stripTrailing();
  }

  private static String rule(int[] widths) {
    List<String> parts = new ArrayList<>();
    Arrays.stream(widths).forEach(width -> parts.add("-".repeat(width + 2)));
    return String.join("+", parts);
  }

  private static String cut(String value, int maxWidth) {
    String flat = value.replace("\n", "\\n").replace("\r", "\\r").replace("\t", "\\t");
    if (width(flat) <= maxWidth) {
      return flat;
    }
    return flat.substring(0, flat.offsetByCodePoints(0, maxWidth - 1)) + "…";
  }

  private static int width(String text) {
    return text.codePointCount(0, text.length());
  }

  private static boolean isNumber(int type) {
    return switch (type) {
      case Types.SMALLINT,
          Types.INTEGER,
          Types.BIGINT,
          Types.REAL,
          Types.FLOAT,
          Types.DOUBLE,
          Types.NUMERIC,
          Types.DECIMAL ->
          true;
      default -> false;
    };
  }
}
