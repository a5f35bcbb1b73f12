package dev.lockstep.train;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.engine.LayerHealth;
import dev.lockstep.engine.RoundResult;
import dev.lockstep.engine.StepRecord;
import dev.lockstep.storage.Storage;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * {@code metrics.jsonl}: a line for every committed step. That of a step at which the run was
 * looked at has what was seen there: {@code validation}, {@code health}. What the run does not
 * determine stands under {@code timing}; two files are equal when they are equal without it.
 *
 * <p>Lines are gathered and the file is written as a whole with {@link #flush}, since not every
 * file system can append; a checkpoint is preceded by a flush, so the file is never behind one.
 */
final class MetricsLog implements TrainingListener {
  static final String FILE = "metrics.jsonl";

  private final Storage storage;
  private final List<String> lines = new ArrayList<>();
  private boolean isDirty;

  private MetricsLog(Storage storage) {
    this.storage = storage;
  }

  /** The log of a run, with the lines that are whole and in their place. */
  static MetricsLog open(Storage storage) throws IOException {
    MetricsLog log = new MetricsLog(storage);
    if (storage.exists(FILE)) {
      try (BufferedReader reader =
          new BufferedReader(new InputStreamReader(storage.open(FILE), StandardCharsets.UTF_8))) {
        for (String line = reader.readLine();
            line != null && isStep(line, log.steps() + 1);
            line = reader.readLine()) {
          log.lines.add(line);
        }
      }
    }
    return log;
  }

  private static boolean isStep(String line, long step) {
    try {
      return Json.MAPPER.readTree(line).path("step").asLong(-1) == step;
    } catch (JsonProcessingException e) {
      return false;
    }
  }

  /** How many steps it has. */
  long steps() {
    return lines.size();
  }

  /** The last step, if there is one. */
  Optional<JsonNode> last() throws IOException {
    return lines.isEmpty()
        ? Optional.empty()
        : Optional.of(Json.MAPPER.readTree(lines.get(lines.size() - 1)));
  }

  /** Forgets what came after so many steps, in order to go on from there. */
  void cutTo(long steps) {
    lines.subList(Math.toIntExact(steps), lines.size()).clear();
  }

  @Override
  public void onRound(RoundResult result, Milestone milestone) {
    double perSecond = result.samplesPerSecond();
    List<StepRecord> steps = result.records();
    for (int s = 0; s < steps.size(); s++) {
      boolean isLast = s == steps.size() - 1;
      lines.add(line(steps.get(s), isLast ? milestone : Milestone.NONE, perSecond));
    }
    isDirty = true;
  }

  private static String line(StepRecord step, Milestone milestone, double perSecond) {
    ObjectNode json = Json.MAPPER.createObjectNode();
    json.put("step", step.step());
    json.put("epoch", step.epoch());
    json.put("loss", step.loss());
    json.put("learning_rate", step.learningRate());
    json.put("grad_norm", step.gradNorm());
    milestone.validation().ifPresent(v -> Figures.put(json.putObject("validation"), "", v));
    if (!milestone.health().isEmpty()) {
      ArrayNode health = json.putArray("health");
      milestone.health().forEach(layer -> put(health.addObject(), layer));
    }
    json.putObject("timing").put("samples_per_second", Math.rint(perSecond));
    try {
      return Json.MAPPER.writeValueAsString(json);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void put(ObjectNode json, LayerHealth layer) {
    json.put("layer", layer.index());
    json.put("kind", layer.layer());
    layer
        .norms()
        .ifPresent(
            norms -> {
              json.put("weight_norm", norms.weights());
              json.put("gradient_norm", norms.gradients());
              json.put("update_ratio", norms.updateRatio());
            });
    if (!layer.activity().isEmpty()) {
      json.put(layer.activity().figure(), layer.activity().fraction());
    }
  }

  /** Brings the file up to date. */
  void flush() throws IOException {
    if (isDirty) {
      storage.writeAtomically(FILE, this::writeTo);
      isDirty = false;
    }
  }

  private void writeTo(OutputStream out) throws IOException {
    for (String line : lines) {
      out.write(line.getBytes(StandardCharsets.UTF_8));
      out.write('\n');
    }
  }
}
