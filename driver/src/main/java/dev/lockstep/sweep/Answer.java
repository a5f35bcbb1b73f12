package dev.lockstep.sweep;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.typesafe.config.ConfigValue;
import dev.lockstep.train.Json;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What a sweep says of one cell.
 *
 * @param cell what was asked about
 * @param outcomes of all its trials, by number
 * @param best the trial with the best settings; empty if none of the search was feasible, or none
 *     reached the goal
 * @param edges the tuned keys whose best value is the first or last that was tried: the best of all
 *     may lie beyond
 */
record Answer(Cell cell, List<Outcome> outcomes, Optional<Outcome> best, List<String> edges) {
  Answer {
    outcomes = List.copyOf(outcomes);
    edges = List.copyOf(edges);
  }

  /** Of the outcomes of a cell. */
  static Answer of(Cell cell, List<Outcome> outcomes, SweepSpec spec) {
    List<Outcome> search =
        outcomes.stream().filter(o -> o.trial().stage() != Stage.REPEAT).toList();
    Optional<Outcome> best = best(search, spec.select());
    List<String> edges = best.map(found -> edges(found, search, spec.tune())).orElseGet(List::of);
    return new Answer(cell, outcomes, best, edges);
  }

  /**
   * The best of some trials: with a goal the one that took the fewest steps to it, and of those the
   * one with the lower loss at its end; without, the one with the best figure. Of equals the first.
   */
  static Optional<Outcome> best(List<Outcome> outcomes, Selection select) {
    boolean hasGoal = outcomes.stream().anyMatch(o -> o.trial().config().stop().goal().isPresent());
    Comparator<Outcome> byFigure =
        Comparator.comparingDouble(o -> select.cost(o).orElse(Double.POSITIVE_INFINITY));
    Comparator<Outcome> order =
        hasGoal
            ? Comparator.comparingLong(Outcome::steps).thenComparingDouble(Answer::lossAtEnd)
            : byFigure;
    return outcomes.stream()
        .filter(outcome -> outcome.status() == Status.COMPLETE)
        .filter(outcome -> hasGoal || select.cost(outcome).isPresent())
        .min(order.thenComparingInt(outcome -> outcome.trial().number()));
  }

  private static double lossAtEnd(Outcome outcome) {
    OptionalDouble held = outcome.figure("validation_loss");
    return held.isPresent()
        ? held.getAsDouble()
        : outcome.figure("train_loss").orElse(Double.POSITIVE_INFINITY);
  }

  private static List<String> edges(Outcome best, List<Outcome> tried, List<Axis> tune) {
    List<String> edges = new ArrayList<>();
    for (Axis axis : tune) {
      double value = axis.isNumeric() ? number(best, axis) : Double.NaN;
      double least = Double.POSITIVE_INFINITY;
      double most = Double.NEGATIVE_INFINITY;
      for (Outcome each : tried) {
        double other = axis.isNumeric() ? number(each, axis) : Double.NaN;
        least = Math.min(least, other);
        most = Math.max(most, other);
      }
      if (least < most && (value == least || value == most)) {
        edges.add(axis.key());
      }
    }
    return edges;
  }

  private static double number(Outcome outcome, Axis axis) {
    ConfigValue value = outcome.trial().settings().values().get(axis.key());
    return ((Number) value.unwrapped()).doubleValue();
  }

  boolean isAtEdge() {
    return !edges.isEmpty();
  }

  /** The settings that were sought, of the best. */
  Optional<Point> bestSettings(SweepSpec spec) {
    return best.map(
        found -> {
          Point point = Point.NONE;
          for (Axis axis : spec.tune()) {
            ConfigValue value = found.trial().settings().values().get(axis.key());
            point = point.plus(Point.of(axis.key(), value));
          }
          return point;
        });
  }

  /** The trials that the answer rests on: the repetitions, or else the best or all there are. */
  List<Outcome> judged() {
    List<Outcome> repeats =
        outcomes.stream().filter(o -> o.trial().stage() == Stage.REPEAT).toList();
    if (!repeats.isEmpty()) {
      return repeats;
    }
    boolean isSearch = outcomes.stream().anyMatch(o -> o.trial().stage() == Stage.TUNE);
    return isSearch ? best.stream().toList() : outcomes;
  }

  /** How many trials of the cell ended so. */
  long count(Status status) {
    return outcomes.stream().filter(outcome -> outcome.status() == status).count();
  }

  /** Steps to the goal of the trials that reached it. */
  Spread stepsToGoal() {
    return Spread.of(
        judged().stream()
            .filter(o -> o.status() == Status.COMPLETE)
            .filter(o -> o.trial().config().stop().goal().isPresent())
            .mapToDouble(Outcome::steps));
  }

  /** A figure of the trials that the answer rests on. */
  Spread figure(String key) {
    return Spread.of(
        judged().stream()
            .filter(outcome -> outcome.figure(key).isPresent())
            .mapToDouble(outcome -> outcome.figure(key).getAsDouble()));
  }

  /** For {@code summary.json}. */
  ObjectNode json(SweepSpec spec) {
    ObjectNode json = Json.MAPPER.createObjectNode();
    cell.label().ifPresent(label -> json.put("label", label));
    json.set("settings", cell.point().json());
    bestSettings(spec).ifPresent(point -> json.set("best", point.json()));
    best.ifPresent(found -> json.put("best_trial", found.trial().number()));
    json.put("at_edge", isAtEdge());
    ArrayNode atEdge = json.putArray("edges");
    edges.forEach(atEdge::add);
    ObjectNode counts = json.putObject("trials");
    for (Status status : Status.values()) {
      counts.put(status.name(), count(status));
    }
    put(json, "steps_to_goal", stepsToGoal());
    for (String figure :
        List.of("validation_loss", "validation_accuracy", "test_loss", "test_accuracy")) {
      put(json, figure, figure(figure));
    }
    return json;
  }

  private static void put(ObjectNode json, String key, Spread spread) {
    if (spread.count() > 0) {
      json.set(key, spread.json());
    }
  }
}
