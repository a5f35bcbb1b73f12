package dev.lockstep.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.report.Series.Style;
import dev.lockstep.sweep.Spread;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * How fast training is against a number of ranks: beside a line on which twice as many are twice as
 * fast, and with the time of a step divided. Figures are medians over a cell's trials.
 */
final class Scaling {
  private static final List<String> PHASES = List.of("compute", "exchange", "wait");

  /** What is in none of the phases: the update, and the driver. */
  private static final String REST = "rest";

  private final String x;
  private final Map<String, List<Point>> groups = new LinkedHashMap<>();

  /**
   * A cell whose trials say how fast they were.
   *
   * @param x how many ranks it has
   * @param speed in examples a second
   * @param step what a step took, in ms
   * @param phases the parts of it, in ms
   * @param trials how many were timed
   */
  private record Point(
      double x, double speed, double step, Map<String, Double> phases, int trials) {
    /** How much of what it should be the speed is, against the first of the group; 1 for all. */
    double efficiency(Point first) {
      return speed / first.speed / (x / first.x);
    }
  }

  /**
   * Of the cells of a sweep.
   *
   * @param x the key along which it goes
   * @param facet another key, of which all cells have one value; empty for none
   * @param within the keys in which the trials of a cell may differ
   */
  Scaling(List<SweepCell> cells, String x, String facet, Set<String> within) {
    this.x = x;
    Set<String> without = new TreeSet<>(within);
    without.add(x);
    without.add(facet);
    for (SweepCell cell : cells) {
      Spread speed = spread(cell, trial -> trial.figure("samples_per_second"));
      if (cell.number(x).isPresent() && speed.count() > 0) {
        groups
            .computeIfAbsent(cell.trials().get(0).valuesWithout(without), k -> new ArrayList<>())
            .add(point(cell, speed));
      }
    }
    groups.values().forEach(points -> points.sort(Comparator.comparingDouble(Point::x)));
  }

  private Point point(SweepCell cell, Spread speed) {
    double step = spread(cell, Scaling::step).median();
    Map<String, Double> phases = new LinkedHashMap<>();
    for (String phase : PHASES) {
      Spread spread = spread(cell, trial -> trial.figure(phase + "_ms"));
      if (spread.count() > 0) {
        phases.put(phase, spread.median());
      }
    }
    if (!phases.isEmpty()) {
      double told = phases.values().stream().mapToDouble(Double::doubleValue).sum();
      phases.put(REST, Math.max(0, step - told));
    }
    return new Point(cell.number(x).getAsDouble(), speed.median(), step, phases, speed.count());
  }

  /** Milliseconds of a step. */
  private static OptionalDouble step(SweepTrial trial) {
    OptionalDouble speed = trial.figure("samples_per_second");
    return speed.isPresent()
        ? OptionalDouble.of(
            1e3
                * trial.figure("examples").orElse(Double.NaN)
                / trial.figure("steps").orElse(Double.NaN)
                / speed.getAsDouble())
        : speed;
  }

  private static Spread spread(SweepCell cell, Function<SweepTrial, OptionalDouble> figure) {
    return Spread.of(
        cell.judged().stream()
            .map(figure)
            .filter(OptionalDouble::isPresent)
            .mapToDouble(OptionalDouble::getAsDouble));
  }

  /** The speed, and the time of a step. */
  List<Figure> figures() {
    return groups.isEmpty() ? List.of() : List.of(speed(), split());
  }

  private Figure speed() {
    List<Series> series = new ArrayList<>();
    int colour = 0;
    for (Map.Entry<String, List<Point>> group : groups.entrySet()) {
      List<Point> points = group.getValue();
      String name = groups.size() > 1 ? group.getKey() : "median";
      series.add(
          Series.line(
              name,
              colour,
              points.stream().map(point -> new double[] {point.x, point.speed}).toList()));
      Point first = points.get(0);
      series.add(
          new Series(
              colour == 0 ? "perfect scaling" : "",
              Style.DASHED,
              Series.MUTED,
              points.stream()
                  .map(point -> new double[] {point.x, first.speed * point.x / first.x})
                  .toList()));
      colour++;
    }
    return new Figure("Examples a second", Axis.log(x), Axis.log("examples a second"), series);
  }

  private Figure split() {
    List<String> names = new ArrayList<>();
    Map<String, List<double[]>> phases = new LinkedHashMap<>();
    groups.forEach(
        (group, points) -> {
          for (Point point : points) {
            double at = names.size();
            names.add(
                Words.number(point.x)
                    + (groups.size() > 1 ? "\n" + group.replace(", ", "\n") : ""));
            Map<String, Double> parts =
                point.phases.isEmpty() ? Map.of("step", point.step) : point.phases;
            parts.forEach(
                (phase, ms) ->
                    phases
                        .computeIfAbsent(phase, key -> new ArrayList<>())
                        .add(new double[] {at, ms}));
          }
        });
    List<Series> series = new ArrayList<>();
    phases.forEach(
        (phase, parts) -> series.add(new Series(phase, Style.STACK, series.size(), parts)));
    return new Figure("Time of a step", Axis.of(x, names), Axis.linear("ms"), series);
  }

  /** The numbers of both figures. */
  void table(Page page) {
    List<String> head = new ArrayList<>(List.of("", x, "trials", "examples a second"));
    head.addAll(List.of("speed-up", "efficiency", "step, ms"));
    PHASES.forEach(phase -> head.add(phase + ", ms"));
    head.add(REST + ", ms");
    List<List<String>> rows = new ArrayList<>();
    groups.forEach(
        (group, points) -> {
          for (Point point : points) {
            Point first = points.get(0);
            List<String> row = new ArrayList<>(List.of(group, Words.number(point.x)));
            row.add(Integer.toString(point.trials));
            row.add(Words.number(point.speed));
            row.add("%.2f".formatted(point.speed / first.speed));
            row.add("%.0f %%".formatted(100 * point.efficiency(first)));
            row.add(Words.number(point.step));
            for (String phase : PHASES) {
              row.add(shown(point, phase));
            }
            row.add(shown(point, REST));
            rows.add(row);
          }
        });
    page.table("scaling", head, rows);
  }

  private static String shown(Point point, String phase) {
    Double ms = point.phases.get(phase);
    return ms == null ? "–" : Words.number(ms);
  }

  /** What was computed, for {@code figures.json}. */
  void write(ArrayNode json, String facet) {
    groups.forEach(
        (name, points) -> {
          ObjectNode one = json.addObject();
          if (!facet.isEmpty()) {
            one.put("facet", facet);
          }
          one.put("group", name);
          one.put("x", x);
          ArrayNode all = one.putArray("points");
          for (Point point : points) {
            ObjectNode each = all.addObject();
            each.put("x", point.x);
            each.put("trials", point.trials);
            each.put("samples_per_second", point.speed);
            each.put("speed_up", point.speed / points.get(0).speed);
            each.put("efficiency", point.efficiency(points.get(0)));
            each.put("step_ms", point.step);
            point.phases.forEach((phase, ms) -> each.put(phase + "_ms", ms));
          }
        });
  }
}
