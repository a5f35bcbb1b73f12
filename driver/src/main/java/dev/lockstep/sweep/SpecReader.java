package dev.lockstep.sweep;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import com.typesafe.config.ConfigValueType;
import dev.lockstep.compare.Places;
import dev.lockstep.config.ConfigException;
import dev.lockstep.config.ConfigReader;
import dev.lockstep.engine.Goal;
import dev.lockstep.train.Json;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads a {@link SweepSpec}; all mistakes are told together, each with its place. */
final class SpecReader {
  private static final int MAX_TRIALS = 100_000;

  private static final String LABEL = "label";

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
  private final Mistakes mistakes = new Mistakes();
  private final SpecFields fields;
  private final AxisReader axes = new AxisReader(mistakes);

  private SpecReader(String name, Config spec) {
    this.name = name;
    this.spec = spec;
    this.fields = new SpecFields(spec, mistakes);
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
    mistakes.checkKeys("", spec.root(), KEYS);
    Optional<String> base = fields.text("base").map(this::besideSpec);
    Optional<String> baseText = Optional.empty();
    try {
      baseText = base.isPresent() ? Optional.of(SweepSpec.text(base.get(), "base")) : baseText;
    } catch (ConfigException e) {
      mistakes.add(spec.getValue("base"), e.getMessage());
    }
    Optional<Goal> goal = goal();
    Search search = search();
    List<Axis> tune = fields.section("tune").map(axes::axes).orElse(List.of());
    tune.forEach(axis -> checkTuned(axis, search));
    List<Axis> repeat = fields.section("repeat").map(axes::axes).orElse(List.of());
    repeat.forEach(axes::checkListed);
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
    mistakes.tell();
    return read;
  }

  private String besideSpec(String base) {
    boolean isPlaced = base.startsWith("/") || base.contains(":");
    int slash = name.lastIndexOf('/');
    return isPlaced || slash < 0 ? base : name.substring(0, slash + 1) + base;
  }

  private Optional<Goal> goal() {
    try {
      return fields.text("goal").map(Goal::parse);
    } catch (IllegalArgumentException e) {
      mistakes.add("goal", spec.getValue("goal"), e.getMessage());
      return Optional.empty();
    }
  }

  /** What holds for every trial, in the keys of a run. */
  private Config fixed(Optional<Goal> goal) {
    Point point =
        fields.section("set").map(set -> new Point(AxisReader.leaves("", set))).orElse(Point.NONE);
    Optional<ConfigObject> budget = fields.section("budget");
    if (budget.isPresent()) {
      mistakes.checkKeys("budget.", budget.get(), List.of("epochs", "steps", "seconds"));
      for (Map.Entry<String, ConfigValue> entry : Mistakes.inOrder(budget.get())) {
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

  private List<Cell> cells() {
    Optional<ConfigValue> value = fields.value("for-each");
    List<Cell> cells = new ArrayList<>();
    if (value.isEmpty()) {
      return List.of(new Cell(0, Optional.empty(), Point.NONE));
    }
    if (value.get() instanceof ConfigList list) {
      for (ConfigValue each : list) {
        if (each instanceof ConfigObject object) {
          addCells(cells, object);
        } else {
          mistakes.add("for-each", each, "want a list of sections, or one section");
        }
      }
      if (list.isEmpty()) {
        mistakes.add("for-each", list, "want at least one section");
      }
    } else {
      fields.section("for-each").ifPresent(object -> addCells(cells, object));
    }
    checkDistinct(cells, value.get());
    return cells;
  }

  private void checkDistinct(List<Cell> cells, ConfigValue where) {
    Map<String, Integer> seen = new HashMap<>();
    for (Cell cell : cells) {
      if (seen.merge(cell.text(), 1, Integer::sum) == 2) {
        mistakes.add(where, "for-each has %s more than once".formatted(cell.text()));
      }
    }
  }

  private void addCells(List<Cell> cells, ConfigObject object) {
    Optional<String> label = Optional.empty();
    ConfigValue written = object.get(LABEL);
    if (written != null && written.valueType() == ConfigValueType.STRING) {
      label = Optional.of((String) written.unwrapped());
    } else if (written != null) {
      mistakes.add(LABEL, written, "want a text");
    }
    List<Axis> read = axes.axes(object.withoutKey(LABEL));
    read.forEach(axes::checkListed);
    for (Point point : grid(read)) {
      cells.add(new Cell(cells.size(), label, point));
    }
  }

  private List<Point> grid(List<Axis> axes) {
    if (count(axes) > MAX_TRIALS) {
      ConfigOrigin where = axes.get(0).origin();
      mistakes.add(tooMany(where.description(), count(axes)));
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

  private void checkTuned(Axis axis, Search search) {
    if (!search.isQuasiRandom()) {
      axes.checkListed(axis);
    }
  }

  /** Checks that no two parts of the specification have a word in the same key. */
  private void checkOnce(List<Cell> cells, List<Axis> tune, List<Axis> repeat) {
    Map<String, String> places = new LinkedHashMap<>();
    cells.forEach(cell -> cell.point().values().keySet().forEach(k -> places.put(k, "for-each")));
    if (fields.value("goal").isPresent()) {
      places.put("stop.goal", "goal");
    }
    fields
        .value("budget")
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
        mistakes.add(
            "%s: %s stands in %s and in %s; want it in one of them"
                .formatted(axis.origin().description(), axis.key(), before, place));
      }
    }
  }

  private Search search() {
    fields
        .section("search")
        .ifPresent(
            search -> mistakes.checkKeys("search.", search, List.of("kind", "trials", "seed")));
    String kind = fields.oneOf("search.kind", List.of("grid", "quasi-random"), "grid");
    if (kind.equals("grid")) {
      return Search.GRID;
    }
    if (!spec.hasPath("search.trials")) {
      mistakes.add(
          spec.getValue("search.kind"),
          "search.trials is missing: how many points a quasi-random search has");
    }
    return new Search(
        true,
        fields.whole("search.trials", 1, AxisReader.MAX_POINTS, 1),
        fields.whole("search.seed", 0, Integer.MAX_VALUE, 1));
  }

  private Selection selection() {
    String figure = fields.oneOf("select", Selection.FIGURES, "");
    return figure.isEmpty() ? Selection.AUTO : new Selection(figure);
  }

  private boolean keepsAll() {
    return fields.oneOf("keep", List.of("figures", "all"), "figures").equals("all");
  }

  private OptionalInt parallel() {
    return spec.hasPath("parallel")
        ? OptionalInt.of(fields.whole("parallel", 1, AxisReader.MAX_POINTS, 1))
        : OptionalInt.empty();
  }

  private Optional<Between> between(List<Cell> cells) {
    Optional<ConfigObject> section = fields.section("line");
    if (section.isEmpty()) {
      return Optional.empty();
    }
    mistakes.checkKeys("line.", section.get(), List.of("between", "from", "to", "points"));
    if (!keepsAll()) {
      mistakes.add(section.get(), "line needs the models of the trials; add keep = all");
    }
    List<String> labels = labels(section.get(), cells);
    String want = "want a number";
    try {
      Places places =
          new Places(
              fields
                  .number("line.from", -AxisReader.MAX_NUMBER, AxisReader.MAX_NUMBER, want)
                  .orElse(Places.AROUND.from()),
              fields
                  .number("line.to", -AxisReader.MAX_NUMBER, AxisReader.MAX_NUMBER, want)
                  .orElse(Places.AROUND.to()),
              fields.whole("line.points", 2, Places.MOST, Places.AROUND.points()));
      return labels.size() == 2
          ? Optional.of(new Between(labels.get(0), labels.get(1), places))
          : Optional.empty();
    } catch (IllegalArgumentException e) {
      mistakes.add(section.get(), "line: " + e.getMessage());
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
      mistakes.add(
          written == null ? line : written,
          "line.between: want the labels of two cells of for-each, such as [small, large]");
      return List.of();
    }
    return labels;
  }

  private Optional<Halving> halving(List<Axis> tune) {
    Optional<ConfigObject> section = fields.section("halving");
    if (section.isEmpty()) {
      return Optional.empty();
    }
    mistakes.checkKeys("halving.", section.get(), List.of("rungs", "keep", "first"));
    if (tune.isEmpty()) {
      mistakes.add(section.get(), "halving needs trials to choose from: there is no tune");
    }
    int rungs = fields.whole("halving.rungs", 2, 20, 3);
    double keep =
        fields
            .number("halving.keep", 0.01, 0.99, "want a number from 0.01 to 0.99")
            .orElse(1.0 / 3);
    int first = 1;
    Optional<ConfigValue> written = fields.value("halving.first");
    if (written.isPresent()) {
      Matcher matcher = EPOCHS.matcher(String.valueOf(written.get().unwrapped()));
      if (matcher.matches() && !matcher.group(1).matches("0+")) {
        first = Integer.parseInt(matcher.group(1));
      } else {
        mistakes.add("halving.first", written.get(), "want a number of epochs, such as 2 epochs");
      }
    }
    return Optional.of(new Halving(rungs, keep, first));
  }

  private ArrayNode figures() {
    ArrayNode figures = Json.MAPPER.createArrayNode();
    Optional<ConfigValue> value = fields.value("figures");
    if (value.isEmpty()) {
      return figures;
    }
    if (!(value.get() instanceof ConfigList list)) {
      mistakes.add("figures", value.get(), "want a list of sections, such as [{ kind = table }]");
      return figures;
    }
    for (ConfigValue each : list) {
      if (each instanceof ConfigObject figure) {
        figures.add(figure(figure));
      } else {
        mistakes.add("figures", each, "want a section, such as { kind = table }");
      }
    }
    return figures;
  }

  private ObjectNode figure(ConfigObject figure) {
    mistakes.checkKeys("figures.", figure, FIGURE_KEYS);
    ObjectNode json = Json.MAPPER.createObjectNode();
    for (Map.Entry<String, ConfigValue> entry : Mistakes.inOrder(figure)) {
      if (entry.getValue().valueType() != ConfigValueType.STRING) {
        mistakes.add("figures." + entry.getKey(), entry.getValue(), "want a text");
      }
      json.put(entry.getKey(), String.valueOf(entry.getValue().unwrapped()));
    }
    ConfigValue kind = figure.get("kind");
    if (kind == null) {
      mistakes.add(
          figure, "figures: kind is missing: want one of " + String.join(", ", FIGURE_KINDS));
    } else if (!FIGURE_KINDS.contains(String.valueOf(kind.unwrapped()))) {
      mistakes.add("figures.kind", kind, "want one of " + String.join(", ", FIGURE_KINDS));
    }
    return json;
  }

  private void checkCount(SweepSpec read) {
    double points = read.search().isQuasiRandom() ? read.search().trials() : count(read.tune());
    double count = read.cells().size() * (points + read.repeats().size());
    if (count > MAX_TRIALS) {
      mistakes.add(tooMany(name, count));
    }
  }
}
