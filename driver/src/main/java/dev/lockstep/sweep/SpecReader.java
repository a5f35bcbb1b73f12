package dev.lockstep.sweep;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import com.typesafe.config.ConfigValueType;
import dev.lockstep.compare.Places;
import dev.lockstep.config.ConfigException;
import dev.lockstep.config.ConfigReader;
import dev.lockstep.config.Keys;
import dev.lockstep.engine.Goal;
import dev.lockstep.train.Json;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads a {@link SweepSpec}; all mistakes are told together, each with its place. */
final class SpecReader {
  private static final int MAX_POINTS = 10_000;
  private static final int MAX_TRIALS = 100_000;
  private static final double MAX_NUMBER = 1e30;

  private static final String FROM = "from";
  private static final String TO = "to";
  private static final String POINTS = "points";
  private static final String SCALE = "scale";
  private static final String WHOLE = "whole";
  private static final String LABEL = "label";
  private static final List<String> INTERVAL_KEYS = List.of(FROM, TO, POINTS, SCALE, WHOLE);

  private static final List<String> KEYS =
      List.of(
          "base",
          "set",
          "for-each",
          "tune",
          "repeat",
          "goal",
          "budget",
          "search",
          "select",
          "halving",
          "keep",
          "parallel",
          "line",
          "figures");

  private static final List<String> FIGURE_KEYS = List.of("kind", "x", "y", "by", "facet", "title");
  private static final List<String> FIGURE_KINDS =
      List.of("steps-to-goal", "lines", "bars", "scaling", "line", "table");

  private static final Pattern EPOCHS = Pattern.compile("([0-9]{1,9})(?:\\s*epochs?)?");

  private final String name;
  private final Config spec;
  private final List<String> lines = new ArrayList<>();

  private SpecReader(String name, Config spec) {
    this.name = name;
    this.spec = spec;
  }

  /**
   * Reads a specification.
   *
   * @param name of the file; a relative {@code base} is relative to it
   * @throws ConfigException with all mistakes, one a line
   * @throws IOException if the base cannot be read
   */
  static SweepSpec read(String text, String name) throws IOException {
    return new SpecReader(name, ConfigReader.parseText(text, name)).read();
  }

  private SweepSpec read() throws IOException {
    checkKeys("", spec.root(), KEYS);
    Optional<String> base = text("base").map(this::besideSpec);
    Optional<String> baseText = Optional.empty();
    try {
      baseText = base.isPresent() ? Optional.of(SweepSpec.text(base.get(), "base")) : baseText;
    } catch (ConfigException e) {
      mistake(spec.getValue("base"), e.getMessage());
    }
    Optional<Goal> goal = goal();
    Search search = search();
    List<Axis> tune = section("tune").map(this::axes).orElse(List.of());
    tune.forEach(axis -> checkTuned(axis, search));
    List<Axis> repeat = section("repeat").map(this::axes).orElse(List.of());
    repeat.forEach(this::checkListed);
    List<Cell> cells = cells();
    checkOnce(cells, tune, repeat);
    SweepSpec read =
        new SweepSpec(
            name,
            spec,
            baseText,
            base.orElse("defaults"),
            fixed(goal),
            cells,
            tune,
            search,
            repeat.isEmpty() ? List.of() : grid(repeat),
            selection(),
            halving(tune),
            keepsAll(),
            parallel(),
            between(cells),
            figures());
    checkCount(read);
    if (!lines.isEmpty()) {
      throw new ConfigException(String.join("\n", lines));
    }
    return read;
  }

  private String besideSpec(String base) {
    boolean isPlaced = base.startsWith("/") || base.contains(":");
    int slash = name.lastIndexOf('/');
    return isPlaced || slash < 0 ? base : name.substring(0, slash + 1) + base;
  }

  private void mistake(ConfigValue where, String sentence) {
    lines.add(where.origin().description() + ": " + sentence);
  }

  private void mistake(String key, ConfigValue value, String want) {
    String written =
        value instanceof ConfigList || value instanceof ConfigObject
            ? value.render(ConfigRenderOptions.concise())
            : String.valueOf(value.unwrapped());
    mistake(value, "%s = %s: %s".formatted(key, written, want));
  }

  private void checkKeys(String prefix, ConfigObject object, List<String> known) {
    inOrder(object)
        .forEach(
            entry -> {
              if (!known.contains(entry.getKey())) {
                String meant =
                    Keys.nearest(entry.getKey(), known)
                        .map(nearest -> "; did you mean %s%s?".formatted(prefix, nearest))
                        .orElse("; a sweep knows " + String.join(", ", known));
                mistake(
                    entry.getValue(),
                    "unknown key %s%s%s".formatted(prefix, entry.getKey(), meant));
              }
            });
  }

  /** As the user wrote them, as far as that is known: by line, then by name. */
  private static List<Map.Entry<String, ConfigValue>> inOrder(ConfigObject object) {
    return object.entrySet().stream()
        .sorted(
            Comparator.comparingInt(
                    (Map.Entry<String, ConfigValue> e) -> e.getValue().origin().lineNumber())
                .thenComparing(Map.Entry::getKey))
        .toList();
  }

  private Optional<ConfigValue> value(String key) {
    return spec.hasPath(key) ? Optional.of(spec.getValue(key)) : Optional.empty();
  }

  private Optional<String> text(String key) {
    Optional<ConfigValue> value = value(key);
    if (value.isPresent() && value.get().valueType() != ConfigValueType.STRING) {
      mistake(key, value.get(), "want a text");
      return Optional.empty();
    }
    return value.map(v -> (String) v.unwrapped());
  }

  private Optional<ConfigObject> section(String key) {
    Optional<ConfigValue> value = value(key);
    if (value.isPresent() && !(value.get() instanceof ConfigObject)) {
      mistake(key, value.get(), "want a section, such as { seed = [1, 2, 3] }");
      return Optional.empty();
    }
    return value.map(v -> (ConfigObject) v);
  }

  private OptionalDouble number(String key, double least, double most, String want) {
    Optional<ConfigValue> value = value(key);
    if (value.isEmpty()) {
      return OptionalDouble.empty();
    }
    if (value.get().unwrapped() instanceof Number number
        && number.doubleValue() >= least
        && number.doubleValue() <= most) {
      return OptionalDouble.of(number.doubleValue());
    }
    mistake(key, value.get(), want);
    return OptionalDouble.empty();
  }

  private int whole(String key, int least, int most, int otherwise) {
    String want = "want a whole number from %d to %d".formatted(least, most);
    OptionalDouble number = number(key, least, most, want);
    if (number.isPresent() && number.getAsDouble() != Math.rint(number.getAsDouble())) {
      mistake(key, spec.getValue(key), want);
      return otherwise;
    }
    return number.isPresent() ? (int) number.getAsDouble() : otherwise;
  }

  private Optional<Goal> goal() {
    try {
      return text("goal").map(Goal::parse);
    } catch (IllegalArgumentException e) {
      mistake("goal", spec.getValue("goal"), e.getMessage());
      return Optional.empty();
    }
  }

  /** What holds for every trial, in the keys of a run. */
  private Config fixed(Optional<Goal> goal) {
    Point point = section("set").map(set -> new Point(leaves("", set))).orElse(Point.NONE);
    Optional<ConfigObject> budget = section("budget");
    if (budget.isPresent()) {
      checkKeys("budget.", budget.get(), List.of("epochs", "steps", "seconds"));
      for (Map.Entry<String, ConfigValue> entry : inOrder(budget.get())) {
        String key = entry.getKey().equals("seconds") ? "budget.seconds" : entry.getKey();
        point = point.plus(Point.of(key, entry.getValue()));
        if (key.equals("epochs") && budget.get().get("steps") == null) {
          point =
              point.plus(
                  Point.of(
                      "steps",
                      ConfigValueFactory.fromAnyRef("auto").withOrigin(entry.getValue().origin())));
        }
      }
    }
    if (goal.isPresent()) {
      point = point.plus(Point.of("stop.goal", spec.getValue("goal")));
    }
    return point.config();
  }

  /** The values of a section by whole key, as the user wrote them. */
  private static Map<String, ConfigValue> leaves(String prefix, ConfigObject object) {
    Map<String, ConfigValue> leaves = new LinkedHashMap<>();
    for (Map.Entry<String, ConfigValue> entry : inOrder(object)) {
      String key = prefix + entry.getKey();
      if (entry.getValue() instanceof ConfigObject section && !isInterval(section)) {
        leaves.putAll(leaves(key + ".", section));
      } else {
        leaves.put(key, entry.getValue());
      }
    }
    return leaves;
  }

  private static boolean isInterval(ConfigObject object) {
    return object.containsKey(FROM) || object.containsKey(TO) || object.containsKey(POINTS);
  }

  private List<Cell> cells() {
    Optional<ConfigValue> value = value("for-each");
    List<Cell> cells = new ArrayList<>();
    if (value.isEmpty()) {
      return List.of(new Cell(0, Optional.empty(), Point.NONE));
    }
    if (value.get() instanceof ConfigList list) {
      for (ConfigValue each : list) {
        if (each instanceof ConfigObject object) {
          addCells(cells, object);
        } else {
          mistake("for-each", each, "want a list of sections, or one section");
        }
      }
      if (list.isEmpty()) {
        mistake("for-each", list, "want at least one section");
      }
    } else {
      section("for-each").ifPresent(object -> addCells(cells, object));
    }
    checkDistinct(cells, value.get());
    return cells;
  }

  private void checkDistinct(List<Cell> cells, ConfigValue where) {
    Map<String, Integer> seen = new HashMap<>();
    for (Cell cell : cells) {
      if (seen.merge(cell.text(), 1, Integer::sum) == 2) {
        mistake(where, "for-each has %s more than once".formatted(cell.text()));
      }
    }
  }

  private void addCells(List<Cell> cells, ConfigObject object) {
    Optional<String> label = Optional.empty();
    ConfigValue written = object.get(LABEL);
    if (written != null && written.valueType() == ConfigValueType.STRING) {
      label = Optional.of((String) written.unwrapped());
    } else if (written != null) {
      mistake(LABEL, written, "want a text");
    }
    List<Axis> axes = axes(object.withoutKey(LABEL));
    axes.forEach(this::checkListed);
    for (Point point : grid(axes)) {
      cells.add(new Cell(cells.size(), label, point));
    }
  }

  private List<Point> grid(List<Axis> axes) {
    if (count(axes) > MAX_TRIALS) {
      ConfigOrigin where = axes.get(0).origin();
      lines.add(tooMany(where.description(), count(axes)));
      return List.of(Point.NONE);
    }
    return Point.product(axes.stream().map(Axis::points).toList());
  }

  /** How many points a grid has. */
  private static double count(List<Axis> axes) {
    return axes.stream().mapToDouble(axis -> axis.values().size()).reduce(1, (a, b) -> a * b);
  }

  private static String tooMany(String where, double count) {
    return "%s: %.0f trials: want at most %d; give axes fewer values"
        .formatted(where, count, MAX_TRIALS);
  }

  private List<Axis> axes(ConfigObject object) {
    return leaves("", object).entrySet().stream()
        .map(leaf -> axis(leaf.getKey(), leaf.getValue()))
        .toList();
  }

  private Axis axis(String key, ConfigValue value) {
    if (value instanceof ConfigObject interval) {
      return interval(key, interval);
    }
    if (value instanceof ConfigList list) {
      if (list.isEmpty()) {
        mistake(key, list, "want at least one value");
      }
      Set<Object> seen = new LinkedHashSet<>();
      for (ConfigValue each : list) {
        if (!seen.add(each.unwrapped())) {
          mistake(key, list, "want each value once");
        }
      }
      return new Axis(key, list, Optional.empty(), value.origin());
    }
    return new Axis(key, List.of(value), Optional.empty(), value.origin());
  }

  private Axis interval(String key, ConfigObject object) {
    checkKeys(key + ".", object, INTERVAL_KEYS);
    OptionalDouble from = end(key, object, FROM);
    OptionalDouble to = end(key, object, TO);
    boolean isLog = scale(key, object).equals("log");
    boolean isWhole = object.get(WHOLE) != null && isTrue(key, object.get(WHOLE));
    Axis nothing = new Axis(key, List.of(), Optional.empty(), object.origin());
    if (from.isEmpty() || to.isEmpty()) {
      return nothing;
    }
    double least = from.getAsDouble();
    double most = to.getAsDouble();
    if (least >= most || (isLog && least <= 0)) {
      mistake(key, object, "want from below to, and above 0 where scale = log");
      return nothing;
    }
    Interval interval = new Interval(least, most, isLog, isWhole);
    List<ConfigValue> values = new ArrayList<>();
    int points = points(key, object);
    for (int p = 0; p < points; p++) {
      ConfigValue value =
          Axis.number(interval.at((double) p / (points - 1)), interval, object.origin());
      if (values.isEmpty() || !values.get(values.size() - 1).equals(value)) {
        values.add(value); // Whole numbers may lie closer than the points.
      }
    }
    return new Axis(key, values, Optional.of(interval), object.origin());
  }

  private OptionalDouble end(String key, ConfigObject object, String end) {
    ConfigValue value = object.get(end);
    if (value == null) {
      mistake(
          object,
          "%s: %s is missing: want from, to, and points or a search that is quasi-random"
              .formatted(key, end));
      return OptionalDouble.empty();
    }
    if (value.unwrapped() instanceof Number number
        && Math.abs(number.doubleValue()) <= MAX_NUMBER) {
      return OptionalDouble.of(number.doubleValue());
    }
    mistake(key + "." + end, value, "want a number");
    return OptionalDouble.empty();
  }

  private String scale(String key, ConfigObject object) {
    ConfigValue value = object.get(SCALE);
    if (value == null) {
      return "linear";
    }
    if (!List.of("log", "linear").contains(String.valueOf(value.unwrapped()))) {
      mistake(key + "." + SCALE, value, "want one of log, linear");
    }
    return String.valueOf(value.unwrapped());
  }

  private boolean isTrue(String key, ConfigValue value) {
    if (value.unwrapped() instanceof Boolean truth) {
      return truth;
    }
    mistake(key + "." + WHOLE, value, "want true or false");
    return false;
  }

  /** How many; 0 if the user does not say. */
  private int points(String key, ConfigObject object) {
    ConfigValue value = object.get(POINTS);
    if (value == null) {
      return 0;
    }
    if (value.unwrapped() instanceof Integer points && points >= 2 && points <= MAX_POINTS) {
      return points;
    }
    mistake(key + "." + POINTS, value, "want a whole number from 2 to " + MAX_POINTS);
    return 2;
  }

  private void checkTuned(Axis axis, Search search) {
    if (!search.isQuasiRandom()) {
      checkListed(axis);
    }
  }

  /** Wants the points of an interval, unless it is wrong anyway. */
  private void checkListed(Axis axis) {
    if (axis.values().isEmpty() && axis.interval().isPresent()) {
      lines.add(
          "%s: %s: points is missing: how many of the interval a grid has"
              .formatted(axis.origin().description(), axis.key()));
    }
  }

  /** Checks that no two parts of the specification have a word in the same key. */
  private void checkOnce(List<Cell> cells, List<Axis> tune, List<Axis> repeat) {
    Map<String, String> places = new LinkedHashMap<>();
    cells.forEach(cell -> cell.point().values().keySet().forEach(k -> places.put(k, "for-each")));
    if (value("goal").isPresent()) {
      places.put("stop.goal", "goal");
    }
    value("budget")
        .filter(budget -> budget instanceof ConfigObject)
        .ifPresent(
            budget ->
                ((ConfigObject) budget)
                    .keySet()
                    .forEach(
                        key ->
                            places.put(key.equals("seconds") ? "budget.seconds" : key, "budget")));
    claim(places, tune, "tune");
    claim(places, repeat, "repeat");
  }

  private void claim(Map<String, String> places, List<Axis> axes, String place) {
    for (Axis axis : axes) {
      String before = places.putIfAbsent(axis.key(), place);
      if (before != null) {
        lines.add(
            "%s: %s stands in %s and in %s; want it in one of them"
                .formatted(axis.origin().description(), axis.key(), before, place));
      }
    }
  }

  private Search search() {
    section("search")
        .ifPresent(search -> checkKeys("search.", search, List.of("kind", "trials", "seed")));
    String kind = oneOf("search.kind", List.of("grid", "quasi-random"), "grid");
    if (kind.equals("grid")) {
      return Search.GRID;
    }
    if (!spec.hasPath("search.trials")) {
      mistake(
          spec.getValue("search.kind"),
          "search.trials is missing: how many points a quasi-random search has");
    }
    return new Search(
        true,
        whole("search.trials", 1, MAX_POINTS, 1),
        whole("search.seed", 0, Integer.MAX_VALUE, 1));
  }

  private String oneOf(String key, List<String> words, String otherwise) {
    Optional<ConfigValue> value = value(key);
    if (value.isPresent() && !words.contains(String.valueOf(value.get().unwrapped()))) {
      mistake(key, value.get(), "want one of " + String.join(", ", words));
      return otherwise;
    }
    return value.map(v -> (String) v.unwrapped()).orElse(otherwise);
  }

  private Selection selection() {
    String figure = oneOf("select", Selection.FIGURES, "");
    return figure.isEmpty() ? Selection.AUTO : new Selection(figure);
  }

  private boolean keepsAll() {
    return oneOf("keep", List.of("figures", "all"), "figures").equals("all");
  }

  private OptionalInt parallel() {
    return spec.hasPath("parallel")
        ? OptionalInt.of(whole("parallel", 1, MAX_POINTS, 1))
        : OptionalInt.empty();
  }

  private Optional<Between> between(List<Cell> cells) {
    Optional<ConfigObject> section = section("line");
    if (section.isEmpty()) {
      return Optional.empty();
    }
    checkKeys("line.", section.get(), List.of("between", FROM, TO, POINTS));
    if (!keepsAll()) {
      mistake(section.get(), "line needs the models of the trials; add keep = all");
    }
    List<String> labels = labels(section.get(), cells);
    String want = "want a number";
    try {
      Places places =
          new Places(
              number("line.from", -MAX_NUMBER, MAX_NUMBER, want).orElse(Places.AROUND.from()),
              number("line.to", -MAX_NUMBER, MAX_NUMBER, want).orElse(Places.AROUND.to()),
              whole("line.points", 2, Places.MOST, Places.AROUND.points()));
      return labels.size() == 2
          ? Optional.of(new Between(labels.get(0), labels.get(1), places))
          : Optional.empty();
    } catch (IllegalArgumentException e) {
      mistake(section.get(), "line: " + e.getMessage());
      return Optional.empty();
    }
  }

  private List<String> labels(ConfigObject line, List<Cell> cells) {
    List<String> labels = new ArrayList<>();
    ConfigValue written = line.get("between");
    if (written instanceof ConfigList list) {
      list.forEach(label -> labels.add(String.valueOf(label.unwrapped())));
    }
    boolean isEach =
        labels.stream()
            .allMatch(
                label ->
                    cells.stream().filter(c -> c.label().equals(Optional.of(label))).count() == 1);
    if (labels.size() != 2 || labels.get(0).equals(labels.get(1)) || !isEach) {
      mistake(
          written == null ? line : written,
          "line.between: want the labels of two cells of for-each, such as [small, large]");
      return List.of();
    }
    return labels;
  }

  private Optional<Halving> halving(List<Axis> tune) {
    Optional<ConfigObject> section = section("halving");
    if (section.isEmpty()) {
      return Optional.empty();
    }
    checkKeys("halving.", section.get(), List.of("rungs", "keep", "first"));
    if (tune.isEmpty()) {
      mistake(section.get(), "halving needs trials to choose from: there is no tune");
    }
    int rungs = whole("halving.rungs", 2, 20, 3);
    double keep =
        number("halving.keep", 0.01, 0.99, "want a number from 0.01 to 0.99").orElse(1.0 / 3);
    int first = 1;
    Optional<ConfigValue> written = value("halving.first");
    if (written.isPresent()) {
      Matcher matcher = EPOCHS.matcher(String.valueOf(written.get().unwrapped()));
      if (matcher.matches() && !matcher.group(1).matches("0+")) {
        first = Integer.parseInt(matcher.group(1));
      } else {
        mistake("halving.first", written.get(), "want a number of epochs, such as 2 epochs");
      }
    }
    return Optional.of(new Halving(rungs, keep, first));
  }

  private ArrayNode figures() {
    ArrayNode figures = Json.MAPPER.createArrayNode();
    Optional<ConfigValue> value = value("figures");
    if (value.isEmpty()) {
      return figures;
    }
    if (!(value.get() instanceof ConfigList list)) {
      mistake("figures", value.get(), "want a list of sections, such as [{ kind = table }]");
      return figures;
    }
    for (ConfigValue each : list) {
      if (each instanceof ConfigObject figure) {
        figures.add(figure(figure));
      } else {
        mistake("figures", each, "want a section, such as { kind = table }");
      }
    }
    return figures;
  }

  private ObjectNode figure(ConfigObject figure) {
    checkKeys("figures.", figure, FIGURE_KEYS);
    ObjectNode json = Json.MAPPER.createObjectNode();
    for (Map.Entry<String, ConfigValue> entry : inOrder(figure)) {
      if (entry.getValue().valueType() != ConfigValueType.STRING) {
        mistake("figures." + entry.getKey(), entry.getValue(), "want a text");
      }
      json.put(entry.getKey(), String.valueOf(entry.getValue().unwrapped()));
    }
    ConfigValue kind = figure.get("kind");
    if (kind == null) {
      mistake(figure, "figures: kind is missing: want one of " + String.join(", ", FIGURE_KINDS));
    } else if (!FIGURE_KINDS.contains(String.valueOf(kind.unwrapped()))) {
      mistake("figures.kind", kind, "want one of " + String.join(", ", FIGURE_KINDS));
    }
    return json;
  }

  private void checkCount(SweepSpec read) {
    double points = read.search().isQuasiRandom() ? read.search().trials() : count(read.tune());
    double count = read.cells().size() * (points + read.repeats().size());
    if (count > MAX_TRIALS) {
      lines.add(tooMany(name, count));
    }
  }
}
