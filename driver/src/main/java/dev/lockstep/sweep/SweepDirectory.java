package dev.lockstep.sweep;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.config.ConfigException;
import dev.lockstep.serialization.FormatException;
import dev.lockstep.storage.Location;
import dev.lockstep.storage.Storage;
import dev.lockstep.train.DriverProcess;
import dev.lockstep.train.Json;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What stays of a sweep: {@code sweep.conf}, {@code trials.jsonl}, {@code trials.csv}, {@code
 * summary.json}, and {@code trials/NNNN}, a run directory for each trial.
 */
public final class SweepDirectory {
  private static final String SPEC = "sweep.conf";
  private static final String SUMMARY = "summary.json";
  private static final String LINES = "trials.jsonl";
  private static final String TABLE = "trials.csv";
  private static final String SOLUTION_LINES = "lines.jsonl";

  /** In the run directory of a finished trial: its line, and the digest of what it is of. */
  private static final String OUTCOME = "outcome.json";

  /** The same of a trial at the end of a rung. */
  private static final String RUNG = "rung-%d.json";

  private static final String DIGEST = "digest";
  private static final String LINE = "line";

  private final Storage storage;
  private final DriverProcess driver = DriverProcess.current();

  private SweepDirectory(Storage storage) {
    this.storage = storage;
  }

  /** The sweep at a location, which may not exist yet. */
  public static SweepDirectory at(String location) {
    return new SweepDirectory(Storage.at(new Location(location)));
  }

  /** Its files. */
  public Storage storage() {
    return storage;
  }

  /** Where it is, as the user wrote it. */
  public String location() {
    return storage.location().text();
  }

  /** Where a trial is. */
  String location(Trial trial) {
    return storage.location().resolve(trial.directory()).text();
  }

  /** Where the lines and the table are, for people. */
  public List<Location> results() {
    return List.of(storage.location().resolve(LINES), storage.location().resolve(TABLE));
  }

  /**
   * Lays a sweep down, or goes on with one of the same specification.
   *
   * @param spec the resolved specification
   * @return whether it goes on
   * @throws ConfigException if the place holds anything else, or another process is at it
   */
  boolean begin(String spec) throws IOException {
    if (storage.exists("") && !storage.isDirectory("")) {
      throw new ConfigException(
          "--out %s is a file; choose a directory that is not there yet".formatted(location()));
    }
    boolean goesOn = storage.exists(SPEC);
    if (goesOn) {
      String before = new String(storage.read(SPEC), StandardCharsets.UTF_8);
      if (!before.equals(spec)) {
        throw new ConfigException(
            "%s holds a sweep of another specification (%s); choose another --out"
                .formatted(location(), difference(before, spec)));
      }
      checkAlone();
    } else if (storage.exists("") && !storage.list("").isEmpty()) {
      throw new ConfigException(
          "--out %s exists and is no sweep of Lockstep; choose a directory that is not there yet"
              .formatted(location()));
    }
    try {
      storage.createDirectories("");
      write(SPEC, spec);
      ObjectNode running = Json.MAPPER.createObjectNode();
      running.put("status", "running");
      running.set(DriverProcess.KEY, driver.json());
      writeSummary(running);
    } catch (IOException e) {
      throw new ConfigException(
          "--out %s cannot be a sweep directory: %s; choose another"
              .formatted(location(), e.getMessage()),
          e);
    }
    return goesOn;
  }

  private static String difference(String before, String now) {
    List<String> there = before.lines().toList();
    return now.lines()
        .filter(line -> !there.contains(line))
        .findFirst()
        .or(() -> there.stream().filter(line -> !now.contains(line)).findFirst())
        .map(String::strip)
        .orElse("in another order");
  }

  private void checkAlone() throws IOException {
    JsonNode owner = summary().map(s -> s.path(DriverProcess.KEY)).orElse(driver.json());
    boolean isAlone =
        owner.isMissingNode() || owner.equals(driver.json()) || DriverProcess.hasEnded(owner);
    if (!isAlone) {
      throw new ConfigException(
          "%s is being worked on by %s; wait for it, or choose another --out"
              .formatted(location(), DriverProcess.describe(owner)));
    }
  }

  /**
   * What {@code summary.json} says, if it is there.
   *
   * @throws FormatException if it is no JSON
   */
  Optional<JsonNode> summary() throws IOException {
    return storage.exists(SUMMARY) ? Optional.of(json(SUMMARY)) : Optional.empty();
  }

  private JsonNode json(String name) throws IOException {
    return json(name, storage.read(name));
  }

  private JsonNode json(String name, byte[] text) throws IOException {
    try {
      return Json.MAPPER.readTree(text);
    } catch (JsonProcessingException e) {
      throw new FormatException(
          "%s is not JSON; delete it and run the sweep again"
              .formatted(storage.location().resolve(name)),
          e);
    }
  }

  void writeSummary(ObjectNode summary) throws IOException {
    storage.writeAtomically(
        SUMMARY,
        out -> out.write(Json.MAPPER.writerWithDefaultPrettyPrinter().writeValueAsBytes(summary)));
  }

  /** Writes what is known so far, whole: who looks meanwhile sees what was there before. */
  void writeOutcomes(List<Outcome> inOrder) throws IOException {
    storage.writeAtomically(
        LINES,
        out -> {
          for (Outcome outcome : inOrder) {
            print(out, outcome.text() + "\n");
          }
        });
    storage.writeAtomically(TABLE, out -> print(out, Csv.of(inOrder)));
  }

  private static void print(OutputStream out, String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.UTF_8));
  }

  /** The lines between solutions that were walked so far. */
  List<JsonNode> solutionLines() throws IOException {
    List<JsonNode> lines = new ArrayList<>();
    if (storage.exists(SOLUTION_LINES)) {
      String text = new String(storage.read(SOLUTION_LINES), StandardCharsets.UTF_8);
      for (String line : text.lines().toList()) {
        lines.add(json(SOLUTION_LINES, line.getBytes(StandardCharsets.UTF_8)));
      }
    }
    return lines;
  }

  void writeSolutionLines(List<JsonNode> lines) throws IOException {
    storage.writeAtomically(
        SOLUTION_LINES,
        out -> {
          for (JsonNode line : lines) {
            print(out, Json.MAPPER.writeValueAsString(line) + "\n");
          }
        });
  }

  private void write(String name, String text) throws IOException {
    storage.writeAtomically(name, out -> print(out, text));
  }

  /** What came of a trial, if it was finished before. */
  Optional<Outcome> outcome(Trial trial, String digest) throws IOException {
    return noted(trial, OUTCOME, digest);
  }

  /** Where a trial stood after a rung, if it came so far before. */
  Optional<Outcome> rung(Trial trial, int rung, String digest) throws IOException {
    return noted(trial, RUNG.formatted(rung), digest);
  }

  private Optional<Outcome> noted(Trial trial, String file, String digest) throws IOException {
    String name = trial.directory() + "/" + file;
    if (!storage.exists(name)) {
      return Optional.empty();
    }
    JsonNode found = json(name);
    return found.path(DIGEST).asText().equals(digest) && found.get(LINE) instanceof ObjectNode line
        ? Optional.of(new Outcome(trial, line))
        : Optional.empty();
  }

  /** Notes that a trial is finished: from now on it is never run again. */
  void finish(Outcome outcome, String digest) throws IOException {
    note(outcome, OUTCOME, digest);
  }

  /** Notes where a trial stands after a rung. */
  void noteRung(Outcome outcome, int rung, String digest) throws IOException {
    note(outcome, RUNG.formatted(rung), digest);
  }

  private void note(Outcome outcome, String file, String digest) throws IOException {
    ObjectNode json = Json.MAPPER.createObjectNode();
    json.put(DIGEST, digest);
    json.set(LINE, outcome.line());
    write(outcome.trial().directory() + "/" + file, Json.MAPPER.writeValueAsString(json) + "\n");
  }

  /** Deletes what a finished trial need not keep. */
  void leaveFigures(Trial trial) throws IOException {
    for (String name : List.of("checkpoints", "model")) {
      delete(trial.directory() + "/" + name);
    }
  }

  private void delete(String name) throws IOException {
    if (storage.isDirectory(name)) {
      for (String below : storage.list(name)) {
        delete(name + "/" + below);
      }
    }
    storage.deleteFile(name);
  }

  /** Gives a trial the files of another with the same configuration. */
  void copy(Trial from, Trial to) throws IOException {
    copy(from.directory(), to.directory());
  }

  private void copy(String from, String to) throws IOException {
    if (!storage.isDirectory(from)) {
      storage.writeAtomically(to, out -> out.write(storage.read(from)));
      return;
    }
    for (String name : storage.list(from)) {
      boolean isOurs = name.equals(OUTCOME) || name.startsWith("rung-");
      if (!isOurs) {
        copy(from + "/" + name, to + "/" + name);
      }
    }
  }
}
