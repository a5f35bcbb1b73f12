package dev.lockstep.serialization.checkpoint;

import static dev.lockstep.serialization.FormatException.shown;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.engine.Decisions;
import dev.lockstep.engine.EpochSums;
import dev.lockstep.engine.Monitors;
import dev.lockstep.engine.NoiseAverages;
import dev.lockstep.engine.Training;
import dev.lockstep.serialization.FormatException;
import java.util.ArrayList;
import java.util.List;

/** {@link Monitors} as one line of JSON; doubles are hexadecimal texts, which keep every bit. */
final class MonitorsText {
  private static final ObjectMapper JSON = new ObjectMapper();

  private MonitorsText() {}

  static String write(Monitors monitors) {
    ObjectNode json = JSON.createObjectNode();
    EpochSums epoch = monitors.epoch();
    ObjectNode sums = json.putObject("epoch");
    sums.put("loss", hex(epoch.loss()));
    sums.put("weight", hex(epoch.weight()));
    sums.put("examples", epoch.examples());
    putAll(sums.putArray("gradients"), epoch.gradients());
    putAll(sums.putArray("updates"), epoch.updates());
    epoch.counts().forEach(sums.putArray("counts")::add);
    Decisions decisions = monitors.decisions();
    ObjectNode taken = json.putObject("decisions");
    taken.put("rate_scale", hex(decisions.rateScale()));
    taken.put("plateau_best", hex(decisions.plateauBest()));
    taken.put("plateau_waited", decisions.plateauWaited());
    taken.put("cool_down", decisions.coolDown());
    taken.put("stop_best", hex(decisions.stopBest()));
    taken.put("stop_waited", decisions.stopWaited());
    taken.put("best_step", decisions.bestStep());
    taken.put("stopped", decisions.isStopped());
    if (decisions.isAtGoal()) {
      taken.put("goal_step", decisions.goalStep());
    }
    ObjectNode noise = json.putObject("noise");
    noise.put("trace", hex(monitors.noise().trace()));
    noise.put("gradient_squares", hex(monitors.noise().gradientSquares()));
    return json.toString();
  }

  private static String hex(double value) {
    return Double.toHexString(value);
  }

  private static void putAll(ArrayNode array, List<Double> values) {
    values.forEach(value -> array.add(hex(value)));
  }

  /**
   * Reads what {@link #write} wrote.
   *
   * @param file for messages
   * @throws FormatException if it is something else, or of another network
   */
  static Monitors read(String text, Training training, String file) {
    try {
      JsonNode json = JSON.readTree(text);
      JsonNode sums = json.path("epoch");
      JsonNode taken = json.path("decisions");
      EpochSums epoch =
          new EpochSums(
              number(sums.path("loss")),
              number(sums.path("weight")),
              whole(sums.path("examples")),
              numbers(sums.path("gradients"), training.network().layout().matrices()),
              numbers(sums.path("updates"), training.network().layout().matrices()),
              counts(sums.path("counts"), training.network().counts()));
      Decisions decisions =
          new Decisions(
              number(taken.path("rate_scale")),
              number(taken.path("plateau_best")),
              (int) whole(taken.path("plateau_waited")),
              (int) whole(taken.path("cool_down")),
              number(taken.path("stop_best")),
              (int) whole(taken.path("stop_waited")),
              whole(taken.path("best_step")),
              taken.path("stopped").asBoolean(),
              taken.has("goal_step") ? whole(taken.path("goal_step")) : 0);
      JsonNode noise = json.path("noise");
      NoiseAverages averages =
          new NoiseAverages(number(noise.path("trace")), number(noise.path("gradient_squares")));
      Monitors monitors = new Monitors(epoch, decisions, averages);
      if (!write(monitors).equals(text)) {
        throw new IllegalArgumentException("it is not in canonical form");
      }
      return monitors;
    } catch (JsonProcessingException | IllegalArgumentException e) {
      throw new FormatException(
          "%s: metadata \"monitors\" is \"%s\", which it cannot be".formatted(file, shown(text)),
          e);
    }
  }

  private static double number(JsonNode node) {
    double value = Double.parseDouble(node.asText("none"));
    if (Double.isNaN(value)) {
      throw new IllegalArgumentException("NaN");
    }
    return value;
  }

  private static long whole(JsonNode node) {
    if (!node.isIntegralNumber() || !node.canConvertToLong() || node.longValue() < 0) {
      throw new IllegalArgumentException("no count");
    }
    return node.longValue();
  }

  private static List<Double> numbers(JsonNode array, int size) {
    List<Double> values = new ArrayList<>();
    array.forEach(node -> values.add(number(node)));
    return checked(values, size);
  }

  private static List<Long> counts(JsonNode array, int size) {
    List<Long> values = new ArrayList<>();
    array.forEach(node -> values.add(whole(node)));
    return checked(values, size);
  }

  /** Before the first step there are none. */
  private static <T> List<T> checked(List<T> values, int size) {
    if (!values.isEmpty() && values.size() != size) {
      throw new IllegalArgumentException("%d values: want %d".formatted(values.size(), size));
    }
    return values;
  }
}
