package dev.lockstep.train;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.checkpoint.Journal;
import dev.lockstep.engine.LayerHealth;
import dev.lockstep.engine.NoiseAverages;
import dev.lockstep.engine.StepRecord;
import dev.lockstep.gradient.NoiseSampling;
import dev.lockstep.storage.Storage;
import dev.lockstep.watch.Pace;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * {@code metrics.jsonl}: a line for every committed step. That of a step at which the run was
 * looked at has what was seen there: {@code validation}, {@code test}, {@code health}. What the run
 * does not determine stands under {@code timing}; two files are equal when they are equal without
 * it.
 *
 * <p>What a run goes on from is the {@link Journal}, of which the file is a copy for the user. It
 * is written as a whole, since not every file system can append, and so seldom that little time
 * goes into it; once a run has ended it has every line.
 */
final class MetricsLog {
  static final String FILE = "metrics.jsonl";

  private static final String VALIDATION = "validation";

  /** Of the time that passes, no more than one part in so many is spent on writing the file. */
  private static final int SELDOM = 20;

  private final Storage storage;
  private final Claim claim;
  private final Journal journal;
  private final NoiseSampling sampling;
  private long published = System.nanoTime();
  private long nanosToPublish;

  MetricsLog(Storage storage, Claim claim, Journal journal, NoiseSampling sampling) {
    this.storage = storage;
    this.claim = claim;
    this.journal = journal;
    this.sampling = sampling;
  }

  /** The last whole line of the file, if there is one. */
  static Optional<JsonNode> last(Storage storage) throws IOException {
    if (!storage.exists(FILE)) {
      return Optional.empty();
    }
    try (BufferedReader reader =
        new BufferedReader(new InputStreamReader(storage.open(FILE), StandardCharsets.UTF_8))) {
      JsonNode last = null;
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        last = step(line).orElse(last);
      }
      return Optional.ofNullable(last);
    }
  }

  /** The whole lines of the file in order; to be closed. */
  static Stream<JsonNode> steps(Storage storage) throws IOException {
    return lines(storage).flatMap(line -> step(line).stream());
  }

  /** The lines of steps after which there was a validation; to be closed. */
  static Stream<JsonNode> validations(Storage storage) throws IOException {
    return lines(storage)
        .filter(line -> line.contains(VALIDATION)) // Most have none, and need not be parsed.
        .flatMap(line -> step(line).filter(json -> json.has(VALIDATION)).stream());
  }

  private static Stream<String> lines(Storage storage) throws IOException {
    if (!storage.exists(FILE)) {
      return Stream.empty();
    }
    BufferedReader reader =
        new BufferedReader(new InputStreamReader(storage.open(FILE), StandardCharsets.UTF_8));
    return reader.lines().onClose(() -> close(reader));
  }

  private static void close(BufferedReader reader) {
    try {
      reader.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Optional<JsonNode> step(String line) {
    try {
      return Optional.of(Json.MAPPER.readTree(line)).filter(json -> json.has("step"));
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
  }

  Journal journal() {
    return journal;
  }

  /**
   * Adds the lines of a round.
   *
   * @param noise the averages before it
   * @param milestone what was seen at its last step
   * @param pace how fast its steps were
   */
  void add(List<StepRecord> steps, NoiseAverages noise, Milestone milestone, Pace pace) {
    NoiseAverages averages = noise;
    for (int s = 0; s < steps.size(); s++) {
      boolean isLast = s == steps.size() - 1;
      averages = averages.after(steps.get(s), sampling);
      journal.add(line(steps.get(s), averages, isLast ? milestone : Milestone.NONE, pace));
    }
  }

  /** Writes the file, if it is not too soon after the last time. */
  void publishNowAndThen() throws IOException {
    if (System.nanoTime() - published > SELDOM * nanosToPublish) {
      publish();
    }
  }

  /** Writes the file. */
  void publish() throws IOException {
    long begun = System.nanoTime();
    claim.write(storage, FILE, journal::writeTo);
    published = System.nanoTime();
    nanosToPublish = published - begun;
  }

  private static String line(
      StepRecord step, NoiseAverages averages, Milestone milestone, Pace pace) {
    ObjectNode json = Json.MAPPER.createObjectNode();
    json.put("step", step.step());
    json.put("epoch", step.epoch());
    json.put("loss", step.loss());
    json.put("learning_rate", step.learningRate());
    json.put("grad_norm", step.gradNorm());
    if (step.noise().isMeasured()) {
      ObjectNode noise = json.putObject("noise");
      noise.put("trace", step.noise().trace());
      noise.put("gradient_squares", step.noise().gradientSquares());
      averages.scale().ifPresent(scale -> json.put("noise_scale", scale));
    }
    milestone.validation().ifPresent(v -> Figures.put(json.putObject(VALIDATION), "", v));
    milestone.test().ifPresent(test -> Figures.put(json.putObject("test"), "", test));
    if (!milestone.health().isEmpty()) {
      ArrayNode health = json.putArray("health");
      milestone.health().forEach(layer -> put(health.addObject(), layer));
    }
    ObjectNode timing = json.putObject("timing");
    timing.put("samples_per_second", Math.rint(pace.samplesPerSecond()));
    if (pace.isDivided()) {
      timing.put("compute_ms", micros(pace, pace.compute()));
      timing.put("exchange_ms", micros(pace, pace.exchange()));
      timing.put("wait_ms", micros(pace, pace.waiting()));
    }
    try {
      return Json.MAPPER.writeValueAsString(json);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Milliseconds of a step, to the microsecond. */
  private static double micros(Pace pace, long part) {
    return Math.rint(1e3 * pace.millisPerStep(part)) / 1e3;
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
}
