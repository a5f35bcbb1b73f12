package dev.lockstep.report;

import static dev.lockstep.ui.Html.escape;
import static dev.lockstep.ui.Html.time;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.typesafe.config.Config;
import dev.lockstep.storage.Location;
import dev.lockstep.sweep.Spread;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * {@code report.html} of a sweep, and {@code figures.json} with what is computed for it, made of
 * the sweep's directory.
 */
public final class SweepReport {
  private static final String PAGE = "report.html";
  private static final String FIGURES = "figures.json";
  private static final String NOTHING = "–";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final SweepRecord sweep;
  private final List<SweepCell> cells;
  private final Set<String> within;
  private final ArrayNode computed = JSON.createArrayNode();
  private final ArrayNode scalings = JSON.createArrayNode();

  private SweepReport(SweepRecord sweep) {
    this.sweep = sweep;
    this.cells = sweep.cells();
    this.within = new LinkedHashSet<>(sweep.tuned());
    within.addAll(sweep.repeated());
    within.add("seed");
  }

  /**
   * Whether there is a sweep at a location.
   *
   * @throws IOException if that cannot be told
   */
  public static boolean isAt(String location) throws IOException {
    return SweepRecord.isAt(location);
  }

  /**
   * Writes the report of a sweep, over an old one if there is one.
   *
   * @return where it is
   * @throws dev.lockstep.config.ConfigException if there is no sweep
   * @throws dev.lockstep.serialization.FormatException if a file of it cannot be understood
   * @throws IOException if a file cannot be read or written
   */
  public static Location write(String location) throws IOException {
    SweepReport report = new SweepReport(SweepRecord.read(location));
    String page = report.render();
    report.sweep.storage().writeAtomically(FIGURES, out -> out.write(report.figures()));
    report
        .sweep
        .storage()
        .writeAtomically(PAGE, out -> out.write(page.getBytes(StandardCharsets.UTF_8)));
    return report.sweep.storage().location().resolve(PAGE);
  }

  private byte[] figures() throws IOException {
    ObjectNode json = JSON.createObjectNode();
    json.set("steps_to_goal", computed);
    json.set("scaling", scalings);
    return JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(json);
  }

  private String render() throws IOException {
    Page page = new Page(sweep.storage().location().text());
    page.head(
        "Lockstep sweep",
        sweep.summary().path("status").asText("unfinished"),
        sweep.summary().path("message").asText());
    page.tiles(tiles());
    if (!sweep.goal().isEmpty()) {
      page.html("<p class=\"goal\">Goal: <b>%s</b></p>".formatted(escape(sweep.goal())));
    }
    answers(page);
    for (Config figure : sweep.figures()) {
      draw(page, figure);
    }
    page.heading("All trials").fold("%d trials".formatted(sweep.trials().size()));
    trials(page);
    page.endFold();
    page.heading("Specification");
    page.html("<pre>%s</pre>".formatted(escape(sweep.specText())));
    provenance(page);
    return page.render();
  }

  private Map<String, String> tiles() {
    Map<String, String> tiles = new LinkedHashMap<>();
    tiles.put("Trials", Integer.toString(sweep.trials().size()));
    tiles.put("Complete", count("COMPLETE"));
    tiles.put("Infeasible", count("INFEASIBLE"));
    tiles.put("Out of budget", count("OUT_OF_BUDGET"));
    double seconds = sweep.trials().stream().mapToDouble(t -> t.figure("seconds").orElse(0)).sum();
    tiles.put("Time of all trials", time((long) (1e3 * seconds)));
    return tiles;
  }

  private String count(String status) {
    return Long.toString(sweep.trials().stream().filter(t -> t.status().equals(status)).count());
  }

  /** The best trial of each cell, and what its repetitions came to. */
  private void answers(Page page) {
    List<String> head = new ArrayList<>(List.of("cell"));
    head.addAll(sweep.tuned());
    head.addAll(List.of("complete", "steps", "epochs", "validation accuracy", "test accuracy"));
    List<List<String>> rows = new ArrayList<>();
    boolean isAnyAtEdge = false;
    for (SweepCell cell : cells) {
      List<String> row = new ArrayList<>(List.of(cell.name().isEmpty() ? "all" : cell.name()));
      for (String key : sweep.tuned()) {
        isAnyAtEdge |= cell.isAtEdge(key);
        row.add(
            cell.best()
                .map(best -> best.text(key) + (cell.isAtEdge(key) ? " *" : ""))
                .orElse(NOTHING));
      }
      row.add(complete(cell));
      row.add(median(cell, "steps", false));
      row.add(median(cell, "epochs", false));
      row.add(median(cell, "validation_accuracy", true));
      row.add(median(cell, "test_accuracy", true));
      rows.add(row);
    }
    dropEmptyColumns(head, rows);
    page.heading("Answers");
    page.note(
        "Medians over the repetitions of the best settings of each cell; steps and epochs are"
            + " those of the complete ones."
            + (isAnyAtEdge ? " * lies at the edge of what was tried: better may lie beyond." : ""));
    page.table("answers", head, rows);
  }

  /** Takes the columns away in which no cell has anything. */
  private static void dropEmptyColumns(List<String> head, List<List<String>> rows) {
    for (int column = head.size() - 1; column > 0; column--) {
      int at = column;
      if (rows.stream().allMatch(row -> row.get(at).equals(NOTHING))) {
        head.remove(column);
        rows.forEach(row -> row.remove(at));
      }
    }
  }

  /** How many of the trials that an answer rests on came to it. */
  private static String complete(SweepCell cell) {
    long complete = cell.judged().stream().filter(SweepTrial::isComplete).count();
    int all = cell.judged().isEmpty() ? cell.trials().size() : cell.judged().size();
    return "%d of %d".formatted(complete, all);
  }

  /** Of shares over all judged trials, and of steps over those that are complete. */
  private static String median(SweepCell cell, String figure, boolean isShare) {
    double[] values =
        cell.judged().stream()
            .filter(trial -> isShare || trial.isComplete())
            .filter(trial -> trial.figure(figure).isPresent())
            .mapToDouble(trial -> trial.figure(figure).getAsDouble())
            .toArray();
    if (values.length == 0) {
      return NOTHING;
    }
    double median = Spread.of(Arrays.stream(values)).median();
    return isShare ? "%.2f %%".formatted(100 * median) : Words.number(median);
  }

  private void draw(Page page, Config figure) throws IOException {
    String x = text(figure, "x");
    String y = text(figure, "y");
    String by = text(figure, "by");
    Map<String, TrialFigures> facets =
        new TrialFigures(sweep.storage().location(), cells, within).facets(text(figure, "facet"));
    switch (text(figure, "kind")) {
      case "steps-to-goal" -> stepsToGoal(page, figure, x.isEmpty() ? "batch-size" : x);
      case "lines" -> {
        String along = x.isEmpty() ? "step" : x;
        String what = y.isEmpty() ? "loss" : y;
        String title = title(figure, "%s by %s".formatted(what, along));
        List<Figure> drawn = new ArrayList<>();
        for (Map.Entry<String, TrialFigures> facet : facets.entrySet()) {
          String own = facet.getKey().isEmpty() ? what : facet.getKey();
          drawn.add(facet.getValue().lines(own, along, what, by));
        }
        page.figures(title, drawn);
      }
      case "bars" -> {
        // One of the two is enough.
        String along = x.isEmpty() ? by : x;
        String colour = x.isEmpty() ? "" : by;
        List<Figure> drawn = new ArrayList<>();
        facets.forEach(
            (facet, of) -> drawn.add(of.bars(facet.isEmpty() ? y : facet, y, along, colour)));
        page.figures(title(figure, y), drawn);
      }
      case "scaling" -> scaling(page, figure, x.isEmpty() ? "ranks" : x);
      case "line" -> {
        List<String> ends = sweep.between();
        List<JsonNode> lines = sweep.solutionLines();
        if (!lines.isEmpty()) {
          page.figures(
              title(figure, "Between the solutions"),
              LineFigures.of(lines, ends.get(0), ends.get(1)));
          page.note(LineFigures.note(ends.get(0), ends.get(1)));
        }
      }
      case "table" -> {
        page.heading(title(figure, "Trials"));
        trials(page);
      }
      default -> page.note("figures: there is no kind %s".formatted(text(figure, "kind")));
    }
  }

  private void scaling(Page page, Config figure, String x) {
    String facet = text(figure, "facet");
    Map<String, List<SweepCell>> facets = new LinkedHashMap<>();
    for (SweepCell cell : cells) {
      String value = facet.isEmpty() ? "" : facet + " = " + cell.trials().get(0).text(facet);
      facets.computeIfAbsent(value, key -> new ArrayList<>()).add(cell);
    }
    String title = title(figure, "Scaling");
    facets.forEach(
        (name, some) -> {
          Scaling scaling = new Scaling(some, x, facet, within);
          page.figures(name.isEmpty() ? title : title + ", " + name, scaling.figures());
          scaling.table(page);
          scaling.write(scalings, name);
        });
  }

  private void stepsToGoal(Page page, Config figure, String x) {
    StepsToGoal steps = new StepsToGoal(cells, x, sweep.tuned(), within);
    steps.write(computed);
    List<Figure> drawn = computed.isEmpty() ? List.of() : steps.figures("Steps to the goal");
    page.figures(title(figure, "Steps to the goal"), drawn);
    for (String key : sweep.tuned()) {
      boolean hasGoal = !sweep.goal().isEmpty();
      String shown = hasGoal ? "steps" : "best_validation_loss";
      new Landscape(cells, key, shown, true)
          .table()
          .ifPresent(
              table -> {
                page.html("<h3>%s by cell</h3>".formatted(escape(key)));
                page.note(
                    "%s of each trial; × diverged, ○ out of budget, framed the best of a column."
                        .formatted(hasGoal ? "Steps to the goal" : "Best validation loss"));
                page.html(table);
              });
    }
  }

  private static String text(Config figure, String key) {
    return figure.hasPath(key) ? figure.getAnyRef(key).toString() : "";
  }

  private static String title(Config figure, String otherwise) {
    String title = text(figure, "title");
    return title.isEmpty() ? otherwise : title;
  }

  private void trials(Page page) {
    Set<String> keys = new LinkedHashSet<>();
    sweep
        .trials()
        .forEach(
            trial -> trial.line().path("settings").properties().forEach(e -> keys.add(e.getKey())));
    List<String> head = new ArrayList<>(List.of("trial", "stage"));
    boolean hasLabels = sweep.trials().stream().anyMatch(trial -> trial.line().has("label"));
    if (hasLabels) {
      head.add("label");
    }
    head.addAll(keys);
    List<String> figures =
        List.of("steps", "epochs", "train_loss", "validation_accuracy", "test_accuracy", "seconds");
    head.add("status");
    figures.forEach(name -> head.add(name.replace('_', ' ')));
    List<List<String>> rows = new ArrayList<>();
    for (SweepTrial trial : sweep.trials()) {
      List<String> row = new ArrayList<>();
      row.add(Integer.toString(trial.number()));
      row.add(trial.line().path("stage").asText());
      if (hasLabels) {
        row.add(trial.line().path("label").asText());
      }
      keys.forEach(key -> row.add(trial.text(key)));
      row.add(trial.status());
      for (String name : figures) {
        row.add(
            trial.figure(name).isPresent() ? Words.number(trial.figure(name).getAsDouble()) : "");
      }
      rows.add(row);
    }
    page.table("trials", head, rows);
  }

  private void provenance(Page page) {
    Map<String, String> facts = new LinkedHashMap<>();
    sweep
        .summary()
        .properties()
        .forEach(
            entry -> {
              if (entry.getValue().isValueNode()) {
                facts.put(entry.getKey(), entry.getValue().asText());
              }
            });
    facts.put(
        "to run it again",
        "deploy/lockstep sweep %s --out DIR"
            .formatted(Words.quoted(sweep.storage().location().resolve("sweep.conf").text())));
    page.heading("Provenance").facts(facts);
  }
}
