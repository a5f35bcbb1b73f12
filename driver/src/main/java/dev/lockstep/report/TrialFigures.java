package dev.lockstep.report;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lockstep.report.Series.Style;
import dev.lockstep.storage.Location;
import dev.lockstep.sweep.Spread;
import dev.lockstep.train.RunDirectory;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Lines and bars over the judged trials of a sweep, in groups. */
final class TrialFigures {
  /** So many steps of a run are read off where a figure is known at every one. */
  private static final long MOST_STEPS = 300;

  /** Of the greatest, what values must differ by to be seen in bars. */
  private static final double FAR = 0.25;

  /** What a trial took; of one that was cut off, that says nothing of what it would have taken. */
  private static final Set<String> LENGTHS = Set.of("steps", "epochs", "examples", "seconds");

  private final Location directory;
  private final List<SweepTrial> trials;
  private final Set<String> within;

  /**
   * Of the trials of a sweep.
   *
   * @param directory of the sweep
   * @param within the keys in which trials of one group may differ
   */
  TrialFigures(Location directory, List<SweepCell> cells, Set<String> within) {
    this(within, directory, cells.stream().flatMap(cell -> cell.judged().stream()).toList());
  }

  private TrialFigures(Set<String> within, Location directory, List<SweepTrial> trials) {
    this.within = within;
    this.directory = directory;
    this.trials = trials;
  }

  /** The same for the trials of each value of a key; all under an empty name for an empty key. */
  Map<String, TrialFigures> facets(String key) {
    Map<String, TrialFigures> facets = new LinkedHashMap<>();
    if (key.isEmpty()) {
      facets.put("", this);
    } else {
      groups(key)
          .forEach(
              (value, all) ->
                  facets.put(key + " = " + value, new TrialFigures(within, directory, all)));
    }
    return facets;
  }

  /** Trials by what a key is in them; by all that they differ in, for an empty key. */
  private Map<String, List<SweepTrial>> groups(String by) {
    return groups(trials, by);
  }

  private Map<String, List<SweepTrial>> groups(List<SweepTrial> trials, String by) {
    Map<String, List<SweepTrial>> groups = new LinkedHashMap<>();
    for (SweepTrial trial : trials) {
      String group = by.isEmpty() ? trial.settingsWithout(within) : trial.text(by);
      groups.computeIfAbsent(group, key -> new ArrayList<>()).add(trial);
    }
    return groups;
  }

  /**
   * A figure of {@code metrics.jsonl} over steps or epochs: the median of each group, between the
   * least and the greatest where it has more than one trial.
   *
   * @param y {@code loss}, {@code learning_rate}, …; {@code validation_loss}, {@code test_accuracy}
   *     and the like
   */
  Figure lines(String title, String x, String y, String by) throws IOException {
    List<Series> series = new ArrayList<>();
    int colour = 0;
    for (Map.Entry<String, List<SweepTrial>> group : groups(by).entrySet()) {
      double longest =
          group.getValue().stream().mapToDouble(t -> t.figure("steps").orElse(1)).max().orElse(1);
      long every = Math.max(1, (long) Math.ceil(longest / MOST_STEPS));
      List<NavigableMap<Double, Double>> curves = new ArrayList<>();
      for (SweepTrial trial : group.getValue()) {
        curves.add(read(trial, x, y, every));
      }
      List<double[]> medians = new ArrayList<>();
      List<double[]> least = new ArrayList<>();
      List<double[]> most = new ArrayList<>();
      for (double at : places(curves)) {
        Spread spread =
            Spread.of(
                curves.stream()
                    .map(curve -> at(curve, at))
                    .filter(OptionalDouble::isPresent)
                    .mapToDouble(OptionalDouble::getAsDouble));
        medians.add(new double[] {at, spread.median()});
        least.add(new double[] {at, spread.min()});
        most.add(new double[] {at, spread.max()});
      }
      if (curves.size() > 1) {
        series.add(new Series("", Style.FAINT, colour, least));
        series.add(new Series("", Style.FAINT, colour, most));
      }
      series.add(Series.line(group.getKey(), colour, medians));
      colour++;
    }
    return new Figure(
        title,
        "median of the trials; thin: the least and the greatest",
        Axis.linear(x),
        axis(y),
        series,
        List.of());
  }

  /** Where the curve of most points has them. */
  private static Set<Double> places(List<NavigableMap<Double, Double>> curves) {
    return curves.stream()
        .map(NavigableMap::navigableKeySet)
        .max(Comparator.comparingInt(Set::size))
        .orElseThrow();
  }

  /** A curve between its points; empty beyond its ends. */
  private static OptionalDouble at(NavigableMap<Double, Double> curve, double x) {
    Map.Entry<Double, Double> left = curve.floorEntry(x);
    Map.Entry<Double, Double> right = curve.ceilingEntry(x);
    if (left == null || right == null) {
      return OptionalDouble.empty();
    }
    double width = right.getKey() - left.getKey();
    double share = width == 0 ? 0 : (x - left.getKey()) / width;
    return OptionalDouble.of(left.getValue() + share * (right.getValue() - left.getValue()));
  }

  private static Axis axis(String y) {
    return y.endsWith("accuracy") ? Axis.percent(y) : Axis.linear(y);
  }

  private NavigableMap<Double, Double> read(SweepTrial trial, String x, String y, long every)
      throws IOException {
    NavigableMap<Double, Double> values = new TreeMap<>();
    RunDirectory run = RunDirectory.at(directory.resolve(trial.directory()).text());
    int underscore = y.indexOf('_');
    String set =
        y.startsWith("validation_") || y.startsWith("test_") ? y.substring(0, underscore) : "";
    boolean isHeld = !set.isEmpty();
    try (Stream<JsonNode> lines = run.steps()) {
      lines.forEach(
          line -> {
            JsonNode value =
                isHeld ? line.path(set).path(y.substring(underscore + 1)) : line.path(y);
            boolean isDue = isHeld || x.equals("epoch") || line.path("step").asLong() % every == 0;
            if (value.isNumber() && isDue) {
              values.put(line.path(x).asDouble(), value.asDouble());
            }
          });
    }
    return values;
  }

  /**
   * A figure of the trials' lines: of each group the median, and every trial as a point. The median
   * is a bar where values differ enough to be seen over the whole way from 0, or else a dash.
   *
   * @param x the key along the axis; {@code label} for the names of cells
   * @param by the key of the colours; empty for one colour
   */
  Figure bars(String title, String y, String x, String by) {
    Map<String, List<SweepTrial>> groups = groups(by);
    List<String> names = new ArrayList<>();
    List<Series> series = new ArrayList<>();
    int colour = 0;
    List<List<double[]>> medians = new ArrayList<>();
    for (List<SweepTrial> group : by.isEmpty() ? List.of(trials) : groups.values()) {
      List<double[]> points = new ArrayList<>();
      List<double[]> middles = new ArrayList<>();
      for (Map.Entry<String, List<SweepTrial>> one : groups(group, x).entrySet()) {
        double[] values =
            one.getValue().stream()
                .filter(trial -> trial.isComplete() || !LENGTHS.contains(y))
                .map(trial -> trial.figure(y))
                .filter(OptionalDouble::isPresent)
                .mapToDouble(OptionalDouble::getAsDouble)
                .toArray();
        if (values.length > 0) {
          double at = names.size();
          names.add(by.isEmpty() ? one.getKey() : one.getKey() + "\n" + group.get(0).text(by));
          middles.add(new double[] {at, Spread.of(Arrays.stream(values)).median()});
          Arrays.stream(values).forEach(value -> points.add(new double[] {at, value}));
        }
      }
      medians.add(middles);
      String name = by.isEmpty() ? "each seed" : group.get(0).text(by);
      series.add(new Series(name, Style.POINTS, colour, points));
      colour++;
    }
    boolean isFar = isFarApart(medians);
    for (int m = 0; m < medians.size(); m++) {
      String name = by.isEmpty() ? "median" : "";
      series.add(new Series(name, isFar ? Style.BARS : Style.DASH, m, medians.get(m)));
    }
    String axis = by.isEmpty() ? x : x + ", " + by;
    return new Figure(title, Axis.of(axis, names), axis(y), series);
  }

  private static boolean isFarApart(List<List<double[]>> medians) {
    double[] all = medians.stream().flatMap(List::stream).mapToDouble(point -> point[1]).toArray();
    if (all.length == 0) {
      return false;
    }
    Spread spread = Spread.of(Arrays.stream(all));
    return spread.min() >= 0 && spread.max() - spread.min() > FAR * spread.max();
  }
}
