package dev.lockstep.report;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lockstep.report.Series.Style;
import dev.lockstep.sweep.Spread;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

/** Loss and accuracy along lines through two solutions, as {@code interpolate} finds them. */
final class LineFigures {
  private LineFigures() {}

  /**
   * Of one or more lines over the same places: of several the medians, and each of them pale.
   *
   * @param first what the solutions at 0 are called
   * @param second those at 1
   */
  static List<Figure> of(List<JsonNode> lines, String first, String second) {
    List<Mark> ends = List.of(new Mark(first, 0), new Mark(second, 1));
    List<Series> losses = bothSets(lines, "loss");
    List<Series> accuracies = bothSets(lines, "accuracy");
    return List.of(
        new Figure("Loss", "", Axis.linear("a"), RunCurves.along("loss", losses), losses, ends),
        new Figure("Accuracy", "", Axis.linear("a"), Axis.percent("accuracy"), accuracies, ends));
  }

  /** What the figures show. */
  static String note(String first, String second) {
    return "Loss and accuracy of (1 - a) %s + a %s. The sharper a solution, the steeper the walls to either side of it."
        .formatted(first, second);
  }

  private static List<Series> bothSets(List<JsonNode> lines, String figure) {
    List<Series> series = new ArrayList<>(set(lines, "training set", 0, "train_" + figure));
    series.addAll(set(lines, "test set", 1, "test_" + figure));
    return series;
  }

  private static List<Series> set(List<JsonNode> lines, String name, int colour, String figure) {
    List<Series> series = new ArrayList<>();
    NavigableMap<Double, List<Double>> all = new TreeMap<>();
    for (JsonNode line : lines) {
      List<double[]> points = new ArrayList<>();
      for (JsonNode point : line.path("line")) {
        if (point.path(figure).isNumber()) {
          double at = point.path("at").asDouble();
          double value = point.path(figure).asDouble();
          points.add(new double[] {at, value});
          all.computeIfAbsent(at, key -> new ArrayList<>()).add(value);
        }
      }
      if (lines.size() > 1) {
        series.add(new Series("", Style.FAINT, colour, points));
      }
    }
    List<double[]> medians = new ArrayList<>();
    all.forEach(
        (at, values) ->
            medians.add(
                new double[] {
                  at, Spread.of(values.stream().mapToDouble(Double::doubleValue)).median()
                }));
    series.add(Series.line(name, colour, medians));
    return series;
  }
}
