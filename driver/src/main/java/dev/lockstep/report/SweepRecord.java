package dev.lockstep.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import dev.lockstep.config.ConfigException;
import dev.lockstep.serialization.FormatException;
import dev.lockstep.storage.Location;
import dev.lockstep.storage.Storage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What stands in the directory of a sweep.
 *
 * @param storage the directory
 * @param specText {@code sweep.conf}, as it is
 * @param spec the same, read
 * @param summary {@code summary.json}; missing while there is none
 * @param trials the lines of {@code trials.jsonl}
 */
record SweepRecord(
    Storage storage, String specText, Config spec, JsonNode summary, List<SweepTrial> trials) {
  private static final String LINES = "lines.jsonl";
  private static final String SPEC = "sweep.conf";
  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * Whether a sweep is at a location.
   *
   * @throws IOException if that cannot be told
   */
  static boolean isAt(String location) throws IOException {
    return Storage.at(new Location(location)).exists(SPEC);
  }

  /**
   * Reads a sweep.
   *
   * @throws ConfigException if there is none
   * @throws FormatException if a file of it says nothing that can be read
   */
  static SweepRecord read(String location) throws IOException {
    if (!isAt(location)) {
      throw new ConfigException("%s holds no sweep".formatted(location));
    }
    Storage storage = Storage.at(new Location(location));
    String text = text(storage, SPEC);
    List<SweepTrial> trials = new ArrayList<>();
    for (String line : text(storage, "trials.jsonl").lines().toList()) {
      trials.add(new SweepTrial(json(storage, "trials.jsonl", line)));
    }
    String summary = text(storage, "summary.json");
    return new SweepRecord(
        storage,
        text,
        spec(storage, text),
        json(storage, "summary.json", summary.isEmpty() ? "{}" : summary),
        List.copyOf(trials));
  }

  private static String text(Storage storage, String name) throws IOException {
    return storage.exists(name) ? new String(storage.read(name), StandardCharsets.UTF_8) : "";
  }

  private static JsonNode json(Storage storage, String name, String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw unreadable(storage, name, e);
    }
  }

  private static Config spec(Storage storage, String text) {
    try {
      return ConfigFactory.parseString(text).resolve();
    } catch (com.typesafe.config.ConfigException e) {
      throw unreadable(storage, SPEC, e);
    }
  }

  private static FormatException unreadable(Storage storage, String name, Exception e) {
    return new FormatException(
        "%s cannot be read (%s); run the sweep again to have it written anew"
            .formatted(
                storage.location().resolve(name),
                String.valueOf(e.getMessage()).lines().findFirst().orElse("")),
        e);
  }

  /** The figures that the user asked for, in order. */
  List<? extends Config> figures() {
    return spec.hasPath("figures") ? spec.getConfigList("figures") : List.of();
  }

  /** The labels of the cells whose solutions are joined by lines; none if that is not asked for. */
  List<String> between() {
    return spec.hasPath("line.between") ? spec.getStringList("line.between") : List.of();
  }

  /** The lines between solutions that have been walked. */
  List<JsonNode> solutionLines() throws IOException {
    return text(storage, LINES).lines().map(line -> json(storage, LINES, line)).toList();
  }

  /** The goal of the trials, as the user wrote it; empty for none. */
  String goal() {
    for (String key : List.of("goal", "set.stop.goal", "set.\"stop.goal\"")) {
      if (spec.hasPath(key)) {
        return spec.getAnyRef(key).toString();
      }
    }
    return "";
  }

  /** The keys that are tuned within a cell. */
  Set<String> tuned() {
    return keys("tune");
  }

  /** The keys in which repetitions differ. */
  Set<String> repeated() {
    return keys("repeat");
  }

  private Set<String> keys(String section) {
    Set<String> keys = new LinkedHashSet<>();
    if (spec.hasPath(section) && spec.getValue(section) instanceof ConfigObject object) {
      gather("", object, keys);
    }
    return keys;
  }

  private static void gather(String above, ConfigObject section, Set<String> keys) {
    for (Map.Entry<String, ConfigValue> entry : section.entrySet()) {
      String key = above + entry.getKey();
      if (entry.getValue() instanceof ConfigObject below && !below.containsKey("from")) {
        gather(key + ".", below, keys);
      } else {
        keys.add(key);
      }
    }
  }

  /** What answers were wanted for, in the order of their first trials. */
  List<SweepCell> cells() {
    Set<String> within = new LinkedHashSet<>(tuned());
    within.addAll(repeated());
    // The seed of a search is not what its cells differ in.
    within.add("seed");
    Map<String, List<SweepTrial>> groups = new LinkedHashMap<>();
    for (SweepTrial trial : trials) {
      groups.computeIfAbsent(trial.settingsWithout(within), key -> new ArrayList<>()).add(trial);
    }
    Set<Integer> chosen = chosen();
    boolean isDecided = summary.has("cells");
    List<SweepCell> cells = new ArrayList<>();
    groups.forEach(
        (name, all) ->
            cells.add(
                new SweepCell(
                    name,
                    all,
                    isDecided
                        ? all.stream().filter(t -> chosen.contains(t.number())).findFirst()
                        : best(all))));
    return cells;
  }

  /** The trials that the sweep itself calls the best of their cells. */
  private Set<Integer> chosen() {
    Set<Integer> chosen = new LinkedHashSet<>();
    for (JsonNode cell : summary.path("cells")) {
      if (cell.has("best_trial")) {
        chosen.add(cell.path("best_trial").asInt());
      }
    }
    return chosen;
  }

  /** Of a sweep that still runs: the fewest steps to a goal, or else the lowest validation loss. */
  private Optional<SweepTrial> best(Collection<SweepTrial> all) {
    String figure = goal().isEmpty() ? "best_validation_loss" : "steps";
    return all.stream()
        .filter(trial -> trial.isComplete() && !trial.isRepeat())
        .filter(trial -> trial.figure(figure).isPresent())
        .min(Comparator.comparingDouble(trial -> trial.figure(figure).getAsDouble()));
  }
}
