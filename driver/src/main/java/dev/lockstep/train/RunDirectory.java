package dev.lockstep.train;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.checkpoint.Checkpoints;
import dev.lockstep.config.ConfigException;
import dev.lockstep.config.ConfigReader;
import dev.lockstep.config.RunConfig;
import dev.lockstep.serialization.FormatException;
import dev.lockstep.serialization.model.Model;
import dev.lockstep.storage.Location;
import dev.lockstep.storage.Storage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What stays of a run: {@code config.conf}, {@code metrics.jsonl}, {@code summary.json}, {@code
 * evaluation.json}, {@code checkpoints/} and {@code model/}. A finished run is never overwritten.
 */
public final class RunDirectory implements Claim {
  private static final String CONFIG = "config.conf";
  private static final String SUMMARY = "summary.json";
  private static final String EVALUATION = "evaluation.json";
  private static final String MODEL = "model";
  private static final String REPORT = "report.html";
  static final String DATA = "data_fingerprint";

  private final Storage storage;
  private final DriverProcess driver = DriverProcess.current();

  private RunDirectory(Storage storage) {
    this.storage = storage;
  }

  /** The run at a location, which may not exist yet. */
  public static RunDirectory at(String location) {
    return new RunDirectory(Storage.at(new Location(location)));
  }

  Storage storage() {
    return storage;
  }

  /** Where it is, as the user wrote it. */
  public String location() {
    return storage.location().text();
  }

  /**
   * Checks that a run may be written here: the place is free, or holds a run of the same
   * configuration and data.
   *
   * @throws ConfigException otherwise
   */
  Place check(RunConfig config, String fingerprint) throws IOException {
    if (!storage.exists("")) {
      checkWritable();
      return Place.FREE;
    }
    if (!storage.isDirectory("")) {
      throw new ConfigException(
          "--out %s is a file; choose a directory that is not there yet".formatted(location()));
    }
    List<String> names = storage.list("");
    checkWritable();
    if (names.stream().allMatch(storage::isLeftover)) {
      return Place.FREE;
    }
    if (!names.contains(CONFIG)) {
      throw new ConfigException(
          "--out %s exists and is no run of Lockstep; choose a directory that is not there yet"
              .formatted(location()));
    }
    Optional<JsonNode> summary = summary();
    RunConfig before = config();
    boolean isFinished =
        summary.filter(RunDirectory::isFinished).isPresent()
            && !canGoOn(summary.get(), before, config);
    String kind = isFinished ? "a finished" : "an unfinished";
    if (!before.resultEntries().equals(config.resultEntries())) {
      throw new ConfigException(
          "%s holds %s run of another configuration (%s); choose another --out"
              .formatted(location(), kind, difference(before, config)));
    }
    String data = summary.map(s -> s.path(DATA).asText()).orElse(fingerprint);
    if (!data.equals(fingerprint)) {
      throw new ConfigException(
          "%s holds %s run over other data (%s there, %s now); choose another --out"
              .formatted(location(), kind, data, fingerprint));
    }
    return isFinished ? Place.FINISHED : Place.UNFINISHED;
  }

  /** What is at the place of a run. */
  enum Place {
    FREE,
    UNFINISHED,
    FINISHED
  }

  /** Whether the run came to its end. */
  private static boolean isFinished(JsonNode summary) {
    return summary.path("exit").asInt(-1) == ExitCode.DONE;
  }

  /** Whether a run that came to its end did so by its budget, and now has another. */
  private static boolean canGoOn(JsonNode summary, RunConfig before, RunConfig now) {
    return summary.path(Summary.ENDED_BY).asText().equals(Budget.NAME)
        && !before.budget().equals(now.budget());
  }

  private void checkWritable() {
    try {
      storage.checkWritable();
    } catch (IOException e) {
      throw unusable(e);
    }
  }

  private ConfigException unusable(IOException e) {
    return new ConfigException(
        "--out %s cannot be a run directory: %s; choose another"
            .formatted(location(), e.getMessage()),
        e);
  }

  private static String difference(RunConfig before, RunConfig now) {
    return now.resultEntries().entrySet().stream()
        .filter(entry -> !entry.getValue().equals(before.resultEntries().get(entry.getKey())))
        .map(
            entry ->
                "%s = %s there, %s now"
                    .formatted(
                        entry.getKey(),
                        before.resultEntries().get(entry.getKey()),
                        entry.getValue()))
        .findFirst()
        .orElse("other keys");
  }

  /**
   * Lays a run down, or notes that it goes on; from now on it is this driver's.
   *
   * @throws ConfigException if the place cannot be written to
   */
  void begin(ResolvedRun run) {
    try {
      if (!exists() || !config().budget().equals(run.config().budget())) {
        storage.createDirectories("");
        storage.writeAtomically(
            CONFIG, out -> out.write(run.config().render().getBytes(StandardCharsets.UTF_8)));
      }
      take(Summary.running(run, driver));
    } catch (IOException e) {
      throw unusable(e);
    }
  }

  /** Says whose run it is now, twice: the driver before may have had its last word in between. */
  private void take(ObjectNode summary) throws IOException {
    put(summary);
    for (String name : List.of("", Checkpoints.DIRECTORY, MODEL)) {
      deleteLeftovers(name);
    }
    put(summary);
  }

  /** Deletes what drivers that have ended, or have lost the run, had in the making. */
  private void deleteLeftovers(String directory) throws IOException {
    if (storage.exists(directory)) {
      for (String name : storage.list(directory)) {
        if (storage.isLeftover(name)) {
          storage.deleteFile(directory.isEmpty() ? name : directory + "/" + name);
        }
      }
    }
  }

  /** Checks that no other driver has taken the run over since {@link #begin}. */
  @Override
  public void check() throws IOException {
    Optional<JsonNode> owner = summary().map(summary -> summary.path(DriverProcess.KEY));
    if (owner.isPresent() && !driver.is(owner.get())) {
      throw new SupersededException(
          "%s was taken over by %s; this driver stops"
              .formatted(location(), DriverProcess.describe(owner.get())));
    }
  }

  private void put(ObjectNode summary) throws IOException {
    storage.writeAtomically(SUMMARY, content(summary));
  }

  private static Storage.Content content(ObjectNode summary) {
    return out ->
        out.write(Json.MAPPER.writerWithDefaultPrettyPrinter().writeValueAsBytes(summary));
  }

  void writeSummary(ObjectNode summary) throws IOException {
    write(storage, SUMMARY, content(summary));
  }

  void writeEvaluation(ObjectNode evaluation) throws IOException {
    write(storage, EVALUATION, content(evaluation));
  }

  void writeModel(Model model) throws IOException {
    write(storage, MODEL + "/" + Model.TENSORS, model::writeTensors);
    write(storage, MODEL + "/" + Model.DESCRIPTION, model::writeDescription);
  }

  /** The configuration that the run was begun with. */
  public RunConfig config() throws IOException {
    return config(List.of());
  }

  /**
   * The same, with other settings over it.
   *
   * @param overrides each {@code key=value}
   */
  public RunConfig config(List<String> overrides) throws IOException {
    String text = new String(storage.read(CONFIG), StandardCharsets.UTF_8);
    return ConfigReader.read(Optional.of(text), location() + "/" + CONFIG, overrides);
  }

  /** Whether there is a run. */
  public boolean exists() throws IOException {
    return storage.exists(CONFIG);
  }

  /** Whether anything is at the location. */
  public boolean isThere() throws IOException {
    return storage.exists("");
  }

  /** Whether the run has a model. */
  public boolean hasModel() throws IOException {
    return storage.exists(MODEL + "/" + Model.DESCRIPTION);
  }

  /**
   * What {@code summary.json} says, if it is there.
   *
   * @throws FormatException if it says nothing that can be read
   */
  public Optional<JsonNode> summary() throws IOException {
    return json(SUMMARY);
  }

  /**
   * What {@code evaluation.json} says, if it is there.
   *
   * @throws FormatException if it says nothing that can be read
   */
  public Optional<JsonNode> evaluation() throws IOException {
    return json(EVALUATION);
  }

  private Optional<JsonNode> json(String name) throws IOException {
    if (!storage.exists(name)) {
      return Optional.empty();
    }
    try {
      return Optional.of(Json.MAPPER.readTree(storage.read(name)));
    } catch (JsonProcessingException e) {
      throw new FormatException(
          "%s is not JSON (%s); restore it, or choose another run directory"
              .formatted(
                  storage.location().resolve(name),
                  e.getOriginalMessage().lines().findFirst().orElse("")),
          e);
    }
  }

  /** The summary of the run, if it is done with all that a configuration asks for. */
  public Optional<ObjectNode> finished(RunConfig config) throws IOException {
    Optional<JsonNode> summary = summary().filter(RunDirectory::isFinished);
    return summary.isPresent() && !canGoOn(summary.get(), config(), config)
        ? summary.map(ObjectNode.class::cast)
        : Optional.empty();
  }

  /** How the run stands, in a word or a sentence, by what its summary says. */
  public String status(JsonNode summary) {
    JsonNode process = summary.path(DriverProcess.KEY);
    String status = summary.path("status").asText();
    return process.isMissingNode() || !DriverProcess.hasEnded(process)
        ? status
        : "%s has ended without a word; to go on: deploy/lockstep resume %s"
            .formatted(DriverProcess.describe(process), location());
  }

  /** The last whole line of {@code metrics.jsonl}, if there is one. */
  public Optional<JsonNode> lastMetrics() throws IOException {
    return MetricsLog.last(storage);
  }

  /** The lines of {@code metrics.jsonl}, as far as they are whole; to be closed. */
  public Stream<JsonNode> steps() throws IOException {
    return MetricsLog.steps(storage);
  }

  /** What was seen of what is held out, each time, from the lines of {@code metrics.jsonl}. */
  public List<JsonNode> validations() throws IOException {
    try (Stream<JsonNode> lines = MetricsLog.validations(storage)) {
      return lines.toList();
    }
  }

  /** Writes a page to look at; no part of the run, so that any process may do it. */
  public Location writeReport(String page) throws IOException {
    storage.writeAtomically(REPORT, out -> out.write(page.getBytes(StandardCharsets.UTF_8)));
    return storage.location().resolve(REPORT);
  }

  /** The trained model. */
  public Model model() throws IOException {
    return ModelFiles.read(storage, MODEL);
  }
}
