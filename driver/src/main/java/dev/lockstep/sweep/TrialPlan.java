package dev.lockstep.sweep;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValue;
import dev.lockstep.config.ConfigException;
import dev.lockstep.config.ConfigReader;
import dev.lockstep.config.EngineName;
import dev.lockstep.config.RunConfig;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The trials of a sweep. Their numbers follow from the specification alone: first the search, cell
 * after cell, then the repetitions, which have theirs whether they come to be run or not.
 */
public final class TrialPlan {
  /** What a trial that leaves only figures need not write. */
  private static final List<String> LEAVES_LITTLE =
      List.of("checkpoint.every=1000000000", "tensorboard=false");

  private static final String LOCAL = "engine=local";

  private final SweepSpec spec;
  private final List<String> overrides;
  private final boolean isLocal;
  private final List<Point> points;
  private final List<Trial> search;

  /**
   * Of a specification.
   *
   * @param overrides each {@code key=value}, for every trial
   * @param isLocal whether {@code engine = auto} means a thread of this JVM
   * @throws ConfigException with all mistakes of all configurations, each once
   */
  public TrialPlan(SweepSpec spec, List<String> overrides, boolean isLocal) {
    this.spec = spec;
    this.overrides = List.copyOf(overrides);
    this.isLocal = isLocal;
    this.points = spec.search().points(spec.tune());
    checkOverrides();
    Set<String> mistakes = new LinkedHashSet<>();
    this.search = search(mistakes);
    checkRepeats(mistakes);
    if (!mistakes.isEmpty()) {
      throw new ConfigException(String.join("\n", mistakes));
    }
  }

  /** A value for all trials would go before those that tell them apart. */
  private void checkOverrides() {
    for (String override : overrides) {
      String key = override.substring(0, Math.max(0, override.indexOf('='))).strip();
      boolean isVaried =
          spec.tune().stream().anyMatch(axis -> axis.key().equals(key))
              || spec.repeats().stream().anyMatch(point -> point.values().containsKey(key))
              || spec.cells().stream().anyMatch(cell -> cell.point().values().containsKey(key));
      if (isVaried) {
        throw new ConfigException(
            "--set %s: %s varies %s; change it there".formatted(override, spec.name(), key));
      }
    }
  }

  private List<Trial> search(Set<String> mistakes) {
    boolean isSearch = spec.firstStage() == Stage.TUNE;
    List<Point> each = isSearch || spec.repeats().isEmpty() ? points : spec.repeats();
    List<Trial> trials = new ArrayList<>();
    for (Cell cell : spec.cells()) {
      for (Point point : each) {
        Point settings = cell.point().plus(point);
        try {
          RunConfig config = config(settings);
          Point shown = isSearch ? settings.plus(repeated(config)) : settings;
          trials.add(new Trial(trials.size(), spec.firstStage(), cell, shown, config));
        } catch (ConfigException e) {
          e.getMessage().lines().forEach(mistakes::add);
        }
      }
    }
    return List.copyOf(trials);
  }

  /** The values that a trial of the search has for the keys of repetitions. */
  private Point repeated(RunConfig config) {
    Point repeated = Point.NONE;
    if (!spec.repeats().isEmpty()) {
      for (String key : spec.repeats().get(0).values().keySet()) {
        String written = config.entries().get(key);
        ConfigValue value = ConfigFactory.parseString("value = " + written).getValue("value");
        repeated = repeated.plus(Point.of(key, value));
      }
    }
    return repeated;
  }

  /** What is wrong with the settings of repetitions is wrong with any best. */
  private void checkRepeats(Set<String> mistakes) {
    for (Trial trial : search) {
      for (Point repeat : spec.repeats()) {
        try {
          RunConfig unused = config(trial.settings().plus(repeat));
        } catch (ConfigException e) {
          e.getMessage().lines().forEach(mistakes::add);
        }
      }
    }
  }

  /** The search, or all trials where nothing is tuned. */
  List<Trial> search() {
    return search;
  }

  /** The best trial of a cell again; none if it has been repeated already. */
  List<Trial> repeats(Trial best) {
    List<Trial> trials = new ArrayList<>();
    if (best.stage() == Stage.TUNE) {
      int first = search.size() + best.cell().index() * spec.repeats().size();
      for (Point repeat : spec.repeats()) {
        Point settings = best.settings().plus(repeat);
        int number = first + trials.size();
        trials.add(new Trial(number, Stage.REPEAT, best.cell(), settings, config(settings)));
      }
    }
    return List.copyOf(trials);
  }

  /** Whether every trial is a thread of this JVM. */
  public boolean isLocal() {
    return search.stream().allMatch(trial -> trial.config().engine() == EngineName.LOCAL);
  }

  /** How many trials fit into so many slots of Spark side by side, at least 1. */
  public int sideBySide(int slots) {
    int ranks =
        search.stream().mapToInt(trial -> trial.config().ranks().orElse(slots)).max().orElse(1);
    return Math.max(1, slots / ranks);
  }

  /** How many trials there are at most. */
  int count() {
    boolean hasSecondStage = spec.firstStage() == Stage.TUNE;
    return search.size() + (hasSecondStage ? spec.cells().size() * spec.repeats().size() : 0);
  }

  /** The same trial, given up after some steps. */
  Trial upTo(Trial trial, long steps) {
    return trial.with(config(trial.settings(), List.of("budget.steps=" + steps)));
  }

  /** All that was asked for, in one specification that needs no other file. */
  String resolved() {
    Config given = ConfigReader.given(spec.base(), spec.baseName(), spec.fixed(), overrides);
    Config resolved = spec.written();
    for (String key : List.of("base", "goal", "budget")) {
      resolved = resolved.withoutPath(key); // They stand in the settings of every trial.
    }
    return resolved
        .withValue("set", given.root())
        .root()
        .render(ConfigRenderOptions.defaults().setOriginComments(false).setJson(false));
  }

  private RunConfig config(Point settings) {
    return config(settings, List.of());
  }

  private RunConfig config(Point settings, List<String> more) {
    Config over = settings.config().withFallback(spec.fixed());
    List<String> all = new ArrayList<>(overrides);
    all.addAll(more);
    if (!spec.keepsAll()) {
      all.addAll(LEAVES_LITTLE);
    }
    RunConfig config = ConfigReader.read(spec.base(), spec.baseName(), over, all);
    if (isLocal && config.engine() == EngineName.AUTO) {
      all.add(LOCAL);
      return ConfigReader.read(spec.base(), spec.baseName(), over, all);
    }
    return config;
  }
}
