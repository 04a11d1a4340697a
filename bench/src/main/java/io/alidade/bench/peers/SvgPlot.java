package io.alidade.bench.peers;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleUnaryOperator;

/// A line plot as SVG text.
final class SvgPlot {

  private static final int WIDTH = 860;
  private static final int HEIGHT = 520;
  private static final int LEFT = 70;
  private static final int RIGHT = 250;
  private static final int TOP = 40;
  private static final int BOTTOM = 50;
  private static final int LEGEND_LINE = 18;
  private static final List<String> COLORS =
      List.of(
          "#c0392b", "#e67e22", "#2980b9", "#16a085", "#8e44ad", "#2c3e50", "#7f8c8d", "#27ae60",
          "#d4ac0d", "#5d6d7e", "#a04000", "#1a5276");

  /// A named line through points.
  record Line(String name, List<double[]> points) {}

  /// How values become places on an axis, and which values are marked.
  ///
  /// @param scale rising; applied to values before they are spread evenly
  record Axis(String title, double low, double high, DoubleUnaryOperator scale, double[] marks) {

    double place(double value) {
      double from = scale.applyAsDouble(low);
      return (scale.applyAsDouble(value) - from) / (scale.applyAsDouble(high) - from);
    }

    boolean holds(double value) {
      return value >= low && value <= high;
    }
  }

  private final String title;
  private final Axis x;
  private final Axis y;
  private final List<Line> lines = new ArrayList<>();

  SvgPlot(String title, Axis x, Axis y) {
    this.title = title;
    this.x = x;
    this.y = y;
  }

  void add(Line line) {
    lines.add(line);
  }

  String svg() {
    StringBuilder out = new StringBuilder();
    out.append(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\" font-size=\"12\">%n"
            .formatted(WIDTH, HEIGHT));
    out.append("<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n");
    text(out, LEFT, TOP - 16, "start", title);
    grid(out);
    for (int i = 0; i < lines.size(); i++) {
      draw(out, lines.get(i), COLORS.get(i % COLORS.size()), i);
    }
    return out.append("</svg>\n").toString();
  }

  private void grid(StringBuilder out) {
    for (double mark : x.marks) {
      double at = pixelX(mark);
      segment(out, at, TOP, at, HEIGHT - BOTTOM);
      text(out, at, HEIGHT - BOTTOM + 16, "middle", number(mark));
    }
    for (double mark : y.marks) {
      double at = pixelY(mark);
      segment(out, LEFT, at, WIDTH - RIGHT, at);
      text(out, LEFT - 6, at + 4, "end", number(mark));
    }
    text(out, (LEFT + WIDTH - RIGHT) / 2.0, HEIGHT - 12, "middle", x.title);
    text(out, 6, TOP - 4, "start", y.title);
  }

  private void draw(StringBuilder out, Line line, String color, int place) {
    List<double[]> visible =
        line.points.stream().filter(point -> x.holds(point[0]) && y.holds(point[1])).toList();
    StringBuilder path = new StringBuilder();
    for (double[] point : visible) {
      path.append("%.1f,%.1f ".formatted(pixelX(point[0]), pixelY(point[1])));
      out.append(
          "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"2.5\" fill=\"%s\"/>%n"
              .formatted(pixelX(point[0]), pixelY(point[1]), color));
    }
    out.append(
        "<polyline points=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"1.5\"/>%n"
            .formatted(path.toString().strip(), color));
    double legend = TOP + LEGEND_LINE * place;
    out.append(
        "<rect x=\"%d\" y=\"%.1f\" width=\"12\" height=\"3\" fill=\"%s\"/>%n"
            .formatted(WIDTH - RIGHT + 14, legend + 4, color));
    text(out, WIDTH - RIGHT + 32, legend + 10, "start", line.name);
  }

  private static void segment(StringBuilder out, double x1, double y1, double x2, double y2) {
    out.append(
        "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"#dddddd\"/>%n"
            .formatted(x1, y1, x2, y2));
  }

  private static void text(StringBuilder out, double x, double y, String anchor, String text) {
    String escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    out.append(
        "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>%n"
            .formatted(x, y, anchor, escaped));
  }

  private double pixelX(double value) {
    return LEFT + x.place(value) * (WIDTH - LEFT - RIGHT);
  }

  private double pixelY(double value) {
    return HEIGHT - BOTTOM - y.place(value) * (HEIGHT - TOP - BOTTOM);
  }

  private static String number(double value) {
    return value >= 1 && value == Math.rint(value)
        ? String.format(Locale.ROOT, "%,d", (long) value)
        : Double.toString(value);
  }
}
