package dev.lockstep.compare;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Iterator;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where two runs part: everything in the lines of their steps counts but {@code timing}, and the
 * parameters that they end with.
 *
 * @param steps how many steps are the same from the first on
 * @param firstSteps how many lines the first run has
 * @param secondSteps how many the second one has
 * @param parting the first lines that differ; empty if no line does, as far as both go
 * @param losses the first lines whose losses differ; likewise
 * @param sameModel whether both have models, of the same bits; empty if one of them has none
 */
public record Difference(
    long steps,
    long firstSteps,
    long secondSteps,
    Optional<Parting> parting,
    Optional<Parting> losses,
    Optional<Boolean> sameModel) {
  private static final String TIMING = "timing";
  private static final String LOSS = "loss";

  /**
   * Two lines of one step that are not the same.
   *
   * @param step its number, from 1
   * @param key the first key whose values differ
   * @param first the value in the first run, as JSON; "nothing" if it has none
   * @param second that in the second run
   */
  public record Parting(long step, String key, String first, String second) {
    static Parting of(JsonNode first, JsonNode second) {
      for (String key : (Iterable<String>) first::fieldNames) {
        if (!key.equals(TIMING) && !first.path(key).equals(second.path(key))) {
          return of(first, second, key);
        }
      }
      for (String key : (Iterable<String>) second::fieldNames) {
        if (!key.equals(TIMING) && !first.has(key)) {
          return of(first, second, key);
        }
      }
      throw new IllegalArgumentException("the lines are the same");
    }

    private static Parting of(JsonNode first, JsonNode second, String key) {
      return new Parting(
          first.path("step").asLong(), key, show(first.path(key)), show(second.path(key)));
    }

    @Override
    public String toString() {
      return "at step %,d %s is %s there and %s here".formatted(step, key, first, second);
    }

    /** A number with its bits, since two may look alike. */
    private static String show(JsonNode value) {
      if (value.isMissingNode()) {
        return "nothing";
      }
      return value.isFloatingPointNumber()
          ? String.format(
              Locale.ROOT, "%s (0x%016x)", value, Double.doubleToRawLongBits(value.asDouble()))
          : value.toString();
    }
  }

  /** Compares two runs, reading each once. */
  public static Difference of(RunRecord first, RunRecord second) throws IOException {
    try (Stream<JsonNode> left = first.steps();
        Stream<JsonNode> right = second.steps()) {
      Iterator<JsonNode> a = left.iterator();
      Iterator<JsonNode> b = right.iterator();
      long same = 0;
      long both = 0;
      Optional<Parting> parting = Optional.empty();
      Optional<Parting> losses = Optional.empty();
      while (a.hasNext() && b.hasNext()) {
        JsonNode one = withoutTiming(a.next());
        JsonNode other = withoutTiming(b.next());
        both++;
        if (parting.isEmpty() && one.equals(other)) {
          same++;
        } else if (parting.isEmpty()) {
          parting = Optional.of(Parting.of(one, other));
        }
        if (losses.isEmpty() && !one.path(LOSS).equals(other.path(LOSS))) {
          losses = Optional.of(Parting.of(one, other, LOSS));
        }
      }
      return new Difference(
          same, both + count(a), both + count(b), parting, losses, sameModel(first, second));
    }
  }

  private static JsonNode withoutTiming(JsonNode line) {
    ((ObjectNode) line).remove(TIMING);
    return line;
  }

  private static long count(Iterator<JsonNode> rest) {
    long count = 0;
    for (; rest.hasNext(); rest.next()) {
      count++;
    }
    return count;
  }

  private static Optional<Boolean> sameModel(RunRecord first, RunRecord second) {
    JsonNode a = first.summary().path("model_sha256");
    JsonNode b = second.summary().path("model_sha256");
    return a.isMissingNode() || b.isMissingNode() ? Optional.empty() : Optional.of(a.equals(b));
  }

  /** Whether both are the same from the first step to the last, and in the parameters. */
  public boolean isNone() {
    return parting.isEmpty() && firstSteps == secondSteps && sameModel.orElse(true);
  }

  /** In one sentence, without the names of the runs. */
  public String describe() {
    if (isNone()) {
      return "identical, bit for bit: %,d steps%s"
          .formatted(steps, sameModel.isPresent() ? " and the model" : "; neither has a model");
    }
    if (parting.isPresent()) {
      String until =
          steps == 0 ? "different from the first step on" : "identical for " + steps + " steps";
      Optional<Parting> later = losses.filter(loss -> !loss.equals(parting.get()));
      return until + "; " + parting.get() + later.map(loss -> "; " + loss).orElse("");
    }
    if (firstSteps != secondSteps) {
      return "identical for the %,d steps that both have; %,d there, %,d here"
          .formatted(steps, firstSteps, secondSteps);
    }
    return "identical for all %,d steps, but the models differ".formatted(steps);
  }
}
