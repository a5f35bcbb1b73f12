package dev.lockstep.ui;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A chart over steps, as SVG. Drawn where the page is made: it needs no script, and what it shows
 * can be read out of the page. Colours come from the page's classes.
 *
 * @param title what it is of, for people and for machines
 * @param unit of y; may be empty
 * @param series what it shows, at least one
 * @param fromZero whether y begins at 0
 */
record Chart(String title, String unit, List<Series> series, boolean fromZero) {
  private static final int WIDTH = 380;
  private static final int HEIGHT = 190;
  private static final int LEFT = 44;
  private static final int RIGHT = 10;
  private static final int TOP = 10;
  private static final int BOTTOM = 22;
  private static final int Y_TICKS = 4;
  private static final int X_TICKS = 5;

  /** From here on small values would lie flat at the foot of the chart. */
  private static final double LOGARITHMIC_FROM = 50;

  /** A surface that is so many times as high at one place as it mostly is would hide the rest. */
  private static final double MOST_MEDIANS = 4;

  /** How a series is drawn. */
  enum Form {
    LINE,
    /** A line with a mark for each point. */
    MARKS,
    /** What lies between two series: the surface under this one and above the next. */
    AREA
  }

  /**
   * A point.
   *
   * @param x the step
   * @param y the value; NaN is left out
   */
  record Point(double x, double y) {}

  /**
   * Some points.
   *
   * @param name for the legend
   * @param style the class of its colour
   * @param form how it is drawn
   * @param points in the order of x
   */
  record Series(String name, String style, Form form, List<Point> points) {
    Series {
      points = points.stream().filter(p -> Double.isFinite(p.y())).toList();
    }
  }

  /** An axis: where a value lies between 0 and 1. */
  private record Axis(double from, double to, boolean isLogarithmic, boolean isCutOff) {
    Axis(double from, double to, boolean isLogarithmic) {
      this(from, to, isLogarithmic, false);
    }

    double place(double value) {
      DoubleUnaryOperator scale = isLogarithmic ? Math::log10 : v -> v;
      double low = scale.applyAsDouble(from);
      double high = scale.applyAsDouble(to);
      return (scale.applyAsDouble(value) - low) / (high - low);
    }

    List<Double> ticks(int about) {
      return isLogarithmic ? decades() : even(about);
    }

    private List<Double> even(int about) {
      double raw = (to - from) / about;
      double decade = Math.pow(10, Math.floor(Math.log10(raw)));
      double step = decade * 10;
      for (double nice : new double[] {1, 2, 2.5, 5}) {
        if (decade * nice >= raw) {
          step = decade * nice;
          break;
        }
      }
      List<Double> ticks = new ArrayList<>();
      for (double k = Math.ceil(from / step - 1e-9); k * step <= to + step * 1e-9; k++) {
        ticks.add(k * step);
      }
      return ticks;
    }

    private List<Double> decades() {
      List<Double> ticks = new ArrayList<>();
      int first = (int) Math.floor(Math.log10(from));
      int last = (int) Math.ceil(Math.log10(to));
      int every = Math.max(1, (last - first) / Y_TICKS);
      for (int e = first; e <= last; e += every) {
        for (int part : every == 1 && last - first < Y_TICKS ? new int[] {1, 3} : new int[] {1}) {
          double tick = part * Math.pow(10, e);
          if (tick >= from && tick <= to) {
            ticks.add(tick);
          }
        }
      }
      return ticks;
    }
  }

  /** Whether there is anything to draw. */
  boolean isEmpty() {
    return series.stream().allMatch(one -> one.points().isEmpty());
  }

  /** The chart with its title and legend. */
  String render() {
    Axis x = xAxis();
    Axis y = yAxis();
    StringBuilder out = new StringBuilder();
    out.append("<figure class=\"chart\"><figcaption><b>").append(Html.escape(title)).append("</b>");
    String remark =
        Stream.of(unit, y.isLogarithmic() ? "log scale" : "", y.isCutOff() ? "top cut off" : "")
            .filter(word -> !word.isEmpty())
            .collect(Collectors.joining(", "));
    out.append("<small>").append(Html.escape(remark)).append("</small>");
    if (series.size() > 1) {
      for (Series one : series) {
        if (!one.points().isEmpty()) {
          out.append(
              Html.format(
                  "<span class=\"key %s\">%s</span>", one.style(), Html.escape(one.name())));
        }
      }
    }
    out.append("</figcaption>");
    out.append(
        Html.format(
            "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">",
            WIDTH, HEIGHT, Html.escape(title)));
    grid(out, x, y);
    for (int s = 0; s < series.size(); s++) {
      boolean isLast = s == series.size() - 1 || series.get(s + 1).form() != Form.AREA;
      draw(out, series.get(s), isLast ? List.of() : series.get(s + 1).points(), x, y);
    }
    return out.append("</svg></figure>").toString();
  }

  private Axis xAxis() {
    double from = Double.POSITIVE_INFINITY;
    double to = Double.NEGATIVE_INFINITY;
    for (Series one : series) {
      for (Point point : one.points()) {
        from = Math.min(from, point.x());
        to = Math.max(to, point.x());
      }
    }
    // A beginning near 0 is drawn from 0.
    from = from < to / 10 ? 0 : from;
    return from < to ? new Axis(from, to, false) : new Axis(from - 1, to + 1, false);
  }

  private Axis yAxis() {
    double from = Double.POSITIVE_INFINITY;
    double to = Double.NEGATIVE_INFINITY;
    for (Series one : series) {
      for (Point point : one.points()) {
        from = Math.min(from, point.y());
        to = Math.max(to, point.y());
      }
    }
    if (fromZero && series.get(0).form() == Form.AREA) {
      double most = MOST_MEDIANS * median(series.get(0).points());
      if (most > 0 && to > most) {
        return new Axis(0, most, false, true);
      }
    }
    if (fromZero) {
      return new Axis(0, to > 0 ? to * 1.05 : 1, false);
    }
    if (from > 0 && to / from > LOGARITHMIC_FROM) {
      return new Axis(from / 1.1, to * 1.1, true);
    }
    double margin = to > from ? (to - from) * 0.05 : Math.max(Math.abs(to) * 0.1, 1e-12);
    double foot = from >= 0 && from - margin < 0 ? 0 : from - margin;
    return new Axis(foot, to + margin, false);
  }

  private static double median(List<Point> points) {
    double[] sorted = points.stream().mapToDouble(Point::y).sorted().toArray();
    return sorted.length == 0 ? 0 : sorted[sorted.length / 2];
  }

  private static double left(Axis x, double value) {
    return LEFT + x.place(value) * (WIDTH - LEFT - RIGHT);
  }

  private static double top(Axis y, double value) {
    if (y.isCutOff() && value > y.to()) {
      return TOP;
    }
    return HEIGHT - BOTTOM - y.place(value) * (HEIGHT - TOP - BOTTOM);
  }

  private static void grid(StringBuilder out, Axis x, Axis y) {
    for (double tick : y.ticks(Y_TICKS)) {
      double at = top(y, tick);
      out.append(
          Html.format(
              "<line class=\"grid\" x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\"/>",
              LEFT, WIDTH - RIGHT, at, at));
      out.append(
          Html.format(
              "<text class=\"tick\" x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%s</text>",
              LEFT - 6, at + 3.5, Html.tick(tick)));
    }
    for (double tick : x.ticks(X_TICKS)) {
      out.append(
          Html.format(
              "<text class=\"tick\" x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%s</text>",
              left(x, tick), HEIGHT - 6, Html.tick(tick)));
    }
  }

  private void draw(StringBuilder out, Series one, List<Point> under, Axis x, Axis y) {
    if (one.points().isEmpty()) {
      return;
    }
    String line = path(one.points(), x, y);
    if (one.form() == Form.AREA) {
      List<Point> foot = new ArrayList<>(under);
      if (foot.isEmpty()) {
        one.points().forEach(point -> foot.add(new Point(point.x(), y.from())));
      }
      Collections.reverse(foot);
      out.append(
          Html.format(
              "<path class=\"area %s\" d=\"M%sL%sZ\"/>", one.style(), line, path(foot, x, y)));
      return;
    }
    out.append(Html.format("<path class=\"line %s\" d=\"M%s\"/>", one.style(), line));
    boolean isAlone = one.points().size() == 1;
    if (one.form() == Form.MARKS || isAlone) {
      for (Point point : one.points()) {
        out.append(
            Html.format(
                "<circle class=\"mark %s\" cx=\"%.1f\" cy=\"%.1f\" r=\"2.4\"><title>%s %s, step %,.0f</title></circle>",
                one.style(),
                left(x, point.x()),
                top(y, point.y()),
                Html.escape(one.name()),
                Html.digits(point.y()),
                point.x()));
      }
    }
  }

  private static String path(List<Point> points, Axis x, Axis y) {
    StringBuilder path = new StringBuilder();
    for (Point point : points) {
      path.append(path.length() == 0 ? "" : "L")
          .append(Html.format("%.1f %.1f", left(x, point.x()), top(y, point.y())));
    }
    return path.toString();
  }
}
