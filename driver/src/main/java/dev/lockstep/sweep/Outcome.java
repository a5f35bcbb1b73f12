package dev.lockstep.sweep;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.data.BatchPlan;
import dev.lockstep.engine.DivergedException;
import dev.lockstep.train.Json;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.OptionalDouble;

/**
 * What came of a trial.
 *
 * @param trial which one
 * @param line its line in {@code trials.jsonl}
 */
record Outcome(Trial trial, ObjectNode line) {
  private static final String STATUS = "status";
  private static final String SECONDS = "seconds";
  private static final String MODEL = "model_sha256";
  private static final String REASON = "reason";
  private static final String CUT_OFF = "budget spent";
  private static final String GOAL_REACHED = "goal_reached";

  /** Figures of a summary that go into the line as they are, after those of validations. */
  private static final List<String> OF_SUMMARY =
      List.of("test_loss", "test_accuracy", "test_mse", "test_r2", "noise_scale");

  /**
   * Of a run that came to its end.
   *
   * @param summary its {@code summary.json}
   * @param validations the lines of its metrics with a validation
   * @param pace what its steps took
   * @param plan its batches
   */
  static Outcome finished(
      Trial trial, JsonNode summary, List<JsonNode> validations, Pace pace, BatchPlan plan) {
    Status status =
        summary.path(GOAL_REACHED).asBoolean(true) ? Status.COMPLETE : Status.OUT_OF_BUDGET;
    ObjectNode line = head(trial, status, reason(summary));
    long steps = summary.path("steps").asLong();
    putSteps(line, steps, plan);
    line.set("train_loss", summary.path("train_loss"));
    if (!validations.isEmpty()) {
      putValidations(line, validations);
    }
    for (String figure : OF_SUMMARY) {
      if (summary.has(figure)) {
        line.set(figure, summary.get(figure));
      }
    }
    line.set(SECONDS, summary.path(SECONDS));
    pace.medians().forEach(line::put);
    line.set(MODEL, summary.path(MODEL));
    return new Outcome(trial, line);
  }

  private static String reason(JsonNode summary) {
    if (summary.path(GOAL_REACHED).asBoolean()) {
      return "goal reached";
    }
    return switch (summary.path("ended_by").asText()) {
      case "patience" -> "stopped early";
      case "budget" -> CUT_OFF;
      default -> summary.has(GOAL_REACHED) ? "goal not reached" : "all steps done";
    };
  }

  /** Of a run that diverged. */
  static Outcome diverged(Trial trial, DivergedException why, BatchPlan plan, double seconds) {
    ObjectNode line = head(trial, Status.INFEASIBLE, why.getMessage());
    putSteps(line, why.step().step(), plan);
    line.put(SECONDS, seconds);
    return new Outcome(trial, line);
  }

  private static ObjectNode head(Trial trial, Status status, String reason) {
    ObjectNode line = Json.MAPPER.createObjectNode();
    line.put("trial", trial.number());
    line.put("stage", trial.stage().text());
    trial.cell().label().ifPresent(label -> line.put("label", label));
    line.set("settings", trial.settings().json());
    line.put(STATUS, status.name());
    line.put(REASON, reason);
    return line;
  }

  private static void putSteps(ObjectNode line, long steps, BatchPlan plan) {
    long epoch = plan.epochOf(steps);
    long inEpoch = (steps - plan.firstStepOf(epoch)) * plan.batchSizeOf(epoch);
    line.put("steps", steps);
    line.put("epochs", plan.epochs(steps));
    line.put("examples", epoch * plan.examples() + Math.min(inEpoch, plan.examples()));
  }

  private static void putValidations(ObjectNode line, List<JsonNode> validations) {
    JsonNode last = validations.get(validations.size() - 1).path("validation");
    last.properties().forEach(each -> line.set("validation_" + each.getKey(), each.getValue()));
    for (String figure : List.of("loss", "accuracy")) {
      if (last.has(figure)) {
        var all =
            validations.stream().mapToDouble(v -> v.path("validation").path(figure).asDouble());
        double best = figure.equals("loss") ? all.min().orElseThrow() : all.max().orElseThrow();
        line.put("best_validation_" + figure, best);
      }
    }
  }

  /** The same outcome of a trial with the same configuration. */
  Outcome as(Trial other) {
    ObjectNode copy = line.deepCopy();
    ObjectNode head = head(other, status(), line.path(REASON).asText());
    ObjectNode merged = head.deepCopy();
    copy.properties()
        .forEach(
            each -> {
              if (!head.has(each.getKey()) && !each.getKey().equals("label")) {
                merged.set(each.getKey(), each.getValue());
              }
            });
    return new Outcome(other, merged);
  }

  /** Whether its run could have gone on. */
  boolean isCutOff() {
    return line.path(REASON).asText().equals(CUT_OFF);
  }

  /** The same where it stood, for a trial that does not go on. */
  Outcome givenUp(String reason) {
    ObjectNode given = line.deepCopy();
    given.put(STATUS, Status.OUT_OF_BUDGET.name());
    given.put(REASON, reason);
    return new Outcome(trial, given);
  }

  /** The same of a trial that took some time before. */
  Outcome after(double secondsBefore) {
    ObjectNode all = line.deepCopy();
    all.put(SECONDS, secondsBefore + seconds());
    return new Outcome(trial, all);
  }

  double seconds() {
    return line.path(SECONDS).asDouble();
  }

  Status status() {
    return Status.valueOf(line.path(STATUS).asText());
  }

  /** The SHA-256 of its model; missing if it has none. */
  JsonNode model() {
    return line.path(MODEL);
  }

  long steps() {
    return line.path("steps").asLong();
  }

  /** A figure of its line, if there is one. */
  OptionalDouble figure(String key) {
    return line.path(key).isNumber()
        ? OptionalDouble.of(line.path(key).asDouble())
        : OptionalDouble.empty();
  }

  /** As one line. */
  String text() {
    try {
      return Json.MAPPER.writeValueAsString(line);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }
}
