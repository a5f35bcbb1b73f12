package dev.lockstep.report;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What a sweep gives one answer for.
 *
 * @param name its settings, or its label
 * @param trials all that were tried for it, at least one
 * @param best the one with the best settings; empty if none will do
 */
record SweepCell(String name, List<SweepTrial> trials, Optional<SweepTrial> best) {
  SweepCell {
    trials = List.copyOf(trials);
  }

  /** The trials that the answer rests on: the repetitions; or the best; or all there are. */
  List<SweepTrial> judged() {
    List<SweepTrial> repeats = trials.stream().filter(SweepTrial::isRepeat).toList();
    boolean isSearch =
        trials.stream().anyMatch(each -> each.line().path("stage").asText().equals("tune"));
    return !repeats.isEmpty() ? repeats : isSearch ? best.stream().toList() : trials;
  }

  /** What a key is in all trials of the cell, if that is a number. */
  OptionalDouble number(String key) {
    return trials.get(0).number(key);
  }

  /** Whether the best value of a key is the least or the greatest that was tried. */
  boolean isAtEdge(String key) {
    List<Double> tried =
        trials.stream()
            .filter(each -> !each.isRepeat() && each.number(key).isPresent())
            .map(each -> each.number(key).getAsDouble())
            .distinct()
            .sorted(Comparator.naturalOrder())
            .toList();
    OptionalDouble found = best.map(each -> each.number(key)).orElse(OptionalDouble.empty());
    return tried.size() > 1
        && found.isPresent()
        && (found.getAsDouble() == tried.get(0)
            || found.getAsDouble() == tried.get(tried.size() - 1));
  }
}
