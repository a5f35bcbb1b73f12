package dev.lockstep.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.report.Series.Style;
import dev.lockstep.sweep.Spread;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeSet;

/**
 * Steps to a goal against the batch size, in the manner of Shallue et al. 2019, Measuring the
 * Effects of Data Parallelism on Neural Network Training: of each batch size the best trial,
 * repeated with other seeds, beside a line on which twice the batch halves the steps.
 */
final class StepsToGoal {
  /** The knee is the last size that needs no more than so many times the steps of that line. */
  private static final double BEND = 1.25;

  private static final int CURVE = 60;

  private final String x;
  private final Set<String> tuned;
  private final Map<String, List<Point>> groups = new LinkedHashMap<>();

  /**
   * A cell that has reached the goal.
   *
   * @param x its batch size
   * @param cell which one
   * @param steps of its judged trials, at least one
   */
  private record Point(double x, SweepCell cell, List<Double> steps) {
    double median() {
      return Spread.of(steps.stream().mapToDouble(Double::doubleValue)).median();
    }
  }

  /**
   * Of the cells of a sweep.
   *
   * @param x the key along which it goes
   * @param tuned the keys that were tuned within each
   */
  StepsToGoal(List<SweepCell> cells, String x, Set<String> tuned, Set<String> within) {
    this.x = x;
    this.tuned = tuned;
    Set<String> without = new TreeSet<>(within);
    without.add(x);
    // Settings that go with x, such as how often is validated, make no line of their own.
    boolean isOneLine =
        cells.stream().map(cell -> cell.number(x)).distinct().count() == cells.size();
    for (SweepCell cell : cells) {
      List<Double> steps =
          cell.judged().stream()
              .filter(SweepTrial::isComplete)
              .map(trial -> trial.figure("steps").orElse(Double.NaN))
              .filter(Double::isFinite)
              .toList();
      if (cell.number(x).isPresent() && !steps.isEmpty()) {
        String group = isOneLine ? "" : cell.trials().get(0).settingsWithout(without);
        groups
            .computeIfAbsent(group, key -> new ArrayList<>())
            .add(new Point(cell.number(x).getAsDouble(), cell, steps));
      }
    }
    groups.values().forEach(points -> points.sort(Comparator.comparingDouble(Point::x)));
  }

  /** The steps, and what was tuned for them. */
  List<Figure> figures(String title) {
    List<Figure> figures = new ArrayList<>();
    figures.add(steps(title));
    for (String key : tuned) {
      figures.add(tuned(key));
    }
    return figures;
  }

  private Figure steps(String title) {
    List<Series> series = new ArrayList<>();
    List<Mark> marks = new ArrayList<>();
    int colour = 0;
    for (Map.Entry<String, List<Point>> group : groups.entrySet()) {
      List<Point> points = group.getValue();
      String name = groups.size() > 1 ? group.getKey() : "median";
      List<double[]> medians = points.stream().map(p -> new double[] {p.x, p.median()}).toList();
      List<double[]> seeds = new ArrayList<>();
      points.forEach(p -> p.steps.forEach(s -> seeds.add(new double[] {p.x, s})));
      series.add(Series.line(name, colour, medians));
      series.add(new Series(groups.size() > 1 ? "" : "each seed", Style.POINTS, colour, seeds));
      if (colour == 0) {
        series.add(new Series("perfect scaling", Style.DASHED, Series.MUTED, scaled(medians, -1)));
      }
      Optional<CriticalBatch> fit = CriticalBatch.fit(medians);
      int own = colour;
      fit.ifPresent(
          found -> {
            String fitted = groups.size() > 1 ? "" : "fit";
            series.add(new Series(fitted, Style.DASHED, own, curve(found, medians)));
            marks.add(new Mark("measured " + Words.number(found.size()), found.size()));
          });
      prediction(points)
          .ifPresent(size -> marks.add(new Mark("predicted " + Words.number(size), size)));
      if (points.size() >= CriticalBatch.FEWEST) {
        knee(points).ifPresent(size -> marks.add(new Mark("knee " + Words.number(size), size)));
      }
      colour++;
    }
    return new Figure(
        title,
        note(),
        Axis.log(x),
        Axis.log("steps"),
        series,
        groups.size() > 1 ? List.of() : marks);
  }

  private static String note() {
    return "Critical batch size: measured, where steps = least (1 + size / batch) fits best (least"
        + " squares of ln steps; three sizes or more); predicted, the median noise scale of the"
        + " trials. The knee is the last size within 1.25 times the steps of perfect scaling.";
  }

  /** A line through the first point, of that power of x. */
  private static List<double[]> scaled(List<double[]> points, double power) {
    double[] first = points.get(0);
    double last = points.get(points.size() - 1)[0];
    return points.size() < 2
        ? List.of()
        : List.of(first, new double[] {last, first[1] * Math.pow(last / first[0], power)});
  }

  private static List<double[]> curve(CriticalBatch fit, List<double[]> points) {
    double from = points.get(0)[0];
    double ratio = points.get(points.size() - 1)[0] / from;
    List<double[]> curve = new ArrayList<>();
    for (int i = 0; i <= CURVE; i++) {
      double at = from * Math.pow(ratio, (double) i / CURVE);
      curve.add(new double[] {at, fit.steps(at)});
    }
    return curve;
  }

  private static OptionalDouble prediction(List<Point> points) {
    double[] scales =
        points.stream()
            .flatMap(point -> point.cell.judged().stream())
            .map(trial -> trial.figure("noise_scale"))
            .filter(OptionalDouble::isPresent)
            .mapToDouble(OptionalDouble::getAsDouble)
            .filter(scale -> scale > 0)
            .toArray();
    return scales.length == 0
        ? OptionalDouble.empty()
        : OptionalDouble.of(Spread.of(Arrays.stream(scales)).median());
  }

  private static OptionalDouble knee(List<Point> points) {
    Point first = points.get(0);
    OptionalDouble knee = OptionalDouble.empty();
    for (Point point : points) {
      if (point.median() * point.x > BEND * first.median() * first.x) {
        break;
      }
      knee = OptionalDouble.of(point.x);
    }
    return knee;
  }

  private Figure tuned(String key) {
    List<Series> series = new ArrayList<>();
    int colour = 0;
    for (Map.Entry<String, List<Point>> group : groups.entrySet()) {
      List<double[]> points = new ArrayList<>();
      for (Point point : group.getValue()) {
        point
            .cell
            .best()
            .map(best -> best.number(key))
            .filter(OptionalDouble::isPresent)
            .ifPresent(value -> points.add(new double[] {point.x, value.getAsDouble()}));
      }
      series.add(Series.line(groups.size() > 1 ? group.getKey() : "best", colour, points));
      if (colour == 0 && points.size() > 1) {
        series.add(new Series("linear", Style.DASHED, Series.MUTED, scaled(points, 1)));
        series.add(new Series("square root", Style.DASHED, 4, scaled(points, 0.5)));
      }
      colour++;
    }
    return new Figure("Best " + key, Axis.log(x), Axis.log(key), series);
  }

  /** What was computed, for {@code figures.json}. */
  void write(ArrayNode json) {
    groups.forEach(
        (name, points) -> {
          ObjectNode one = json.addObject();
          one.put("group", name);
          one.put("x", x);
          ArrayNode all = one.putArray("points");
          points.forEach(
              point -> {
                ObjectNode each = all.addObject();
                each.put("x", point.x);
                each.put("median_steps", point.median());
                each.put("seeds", point.steps.size());
              });
          knee(points).ifPresent(size -> one.put("knee", size));
          prediction(points).ifPresent(size -> one.put("predicted_critical_batch", size));
          CriticalBatch.fit(points.stream().map(p -> new double[] {p.x, p.median()}).toList())
              .ifPresent(
                  fit -> {
                    ObjectNode fitted = one.putObject("fit");
                    fitted.put("critical_batch", fit.size());
                    fitted.put("least_steps", fit.leastSteps());
                    fitted.put("log_error", fit.error());
                  });
        });
  }
}
