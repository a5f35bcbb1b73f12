package dev.lockstep.report;

import static dev.lockstep.ui.Html.digits;
import static dev.lockstep.ui.Html.escape;
import static dev.lockstep.ui.Html.time;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.lockstep.config.ConfigReader;
import dev.lockstep.config.RunConfig;
import dev.lockstep.data.BatchPlan;
import dev.lockstep.storage.Location;
import dev.lockstep.train.RunDirectory;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * {@code report.html} of a run, made of its directory: what is there is shown, and of what is not
 * there nothing is said.
 */
public final class RunReport {
  private final RunDirectory directory;
  private final RunConfig config;
  private final JsonNode summary;
  private final JsonNode evaluation;

  private RunReport(RunDirectory directory) throws IOException {
    this.directory = directory;
    this.config = directory.config();
    this.summary = directory.summary().orElse(JsonNodeFactory.instance.objectNode());
    this.evaluation = directory.evaluation().orElse(JsonNodeFactory.instance.objectNode());
  }

  /**
   * Writes the report of a run, over an old one if there is one.
   *
   * @return where it is
   * @throws IOException if a file of the run cannot be read, or the report not be written
   */
  public static Location write(RunDirectory directory) throws IOException {
    return directory.writeReport(new RunReport(directory).render());
  }

  private String render() throws IOException {
    RunCurves curves = RunCurves.of(directory);
    Page page = new Page(directory.location());
    page.head("Lockstep run", directory.status(summary), summary.path("message").asText());
    page.tiles(tiles(curves));
    List<Figure> training = new ArrayList<>(curves.training());
    batches().ifPresent(training::add);
    page.figures("Training", training);
    test(page, evaluation.path("test"));
    weights(page);
    page.figures("Layers", curves.layers());
    page.figures("Time", curves.time());
    configuration(page);
    provenance(page);
    return page.render();
  }

  private Map<String, String> tiles(RunCurves curves) {
    Map<String, String> tiles = new LinkedHashMap<>();
    percent(tiles, "Test accuracy", "test_accuracy");
    figure(tiles, "Test loss", "test_loss");
    figure(tiles, "Test R²", "test_r2");
    percent(tiles, "Training accuracy", "train_accuracy");
    figure(tiles, "Training loss", "train_loss");
    figure(tiles, "Gradient noise scale", "noise_scale");
    long steps = summary.path("steps").asLong(curves.steps());
    if (steps > 0) {
      tiles.put("Steps", whole(steps));
    }
    if (summary.has("epochs")) {
      tiles.put("Epochs", digits(summary.path("epochs").asDouble()).replaceFirst("\\.0+$", ""));
    }
    if (summary.has("parameters")) {
      tiles.put("Parameters", whole(summary.path("parameters").asLong()));
    }
    tiles.put("Batch size", whole(config.batchSize()));
    if (summary.has("train_seconds")) {
      tiles.put("Training time", time((long) (1e3 * summary.path("train_seconds").asDouble())));
      tiles.put("Examples a second", digits(summary.path("samples_per_second").asDouble()));
    }
    return tiles;
  }

  private void percent(Map<String, String> tiles, String name, String key) {
    if (summary.path(key).isNumber()) {
      tiles.put(name, String.format(Locale.ROOT, "%.2f %%", 100 * summary.path(key).asDouble()));
    }
  }

  private void figure(Map<String, String> tiles, String name, String key) {
    if (summary.path(key).isNumber()) {
      tiles.put(name, digits(summary.path(key).asDouble()));
    }
  }

  private static String whole(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  /** The batch size over the steps, of a run that grows it. */
  private Optional<Figure> batches() {
    JsonNode examples = evaluation.path("provenance").path("train_examples");
    if (!examples.isNumber()) {
      return Optional.empty();
    }
    BatchPlan plan = config.plan(examples.asLong());
    if (plan.growth().milestones().isEmpty()) {
      return Optional.empty();
    }
    long end = summary.path("steps").asLong();
    List<double[]> points = new ArrayList<>();
    for (long epoch = 0; plan.firstStepOf(epoch) < end; epoch++) {
      int size = plan.batchSizeOf(epoch);
      points.add(new double[] {plan.firstStepOf(epoch) + 1, size});
      points.add(new double[] {Math.min(end, plan.firstStepOf(epoch + 1)), size});
    }
    return Optional.of(
        new Figure(
            "Batch size",
            RunCurves.step(),
            Axis.linear("examples"),
            List.of(Series.line("", 2, points))));
  }

  private static void test(Page page, JsonNode test) throws IOException {
    JsonNode classes = test.path("classes");
    if (classes.isEmpty()) {
      return;
    }
    page.heading("Test set");
    JsonNode confusion = test.path("confusion");
    boolean isShown = !confusion.isEmpty() && confusion.size() <= ConfusionTable.MOST;
    if (isShown) {
      page.note("A row for each class, a column for what its examples were taken for.");
      page.html("<div class=\"pair\">" + ConfusionTable.of(confusion));
    }
    page.table("", List.of("class", "examples", "precision", "recall", "F1"), perClass(classes));
    if (isShown) {
      page.html("</div>");
    }
    Optional<Pictures> pictures = Pictures.of(test.path("shape"));
    JsonNode worst = test.path("worst");
    if (pictures.isPresent() && worst.path(0).has("pixels")) {
      page.html("<h3>The worst examples</h3>");
      page.note(
          "Those of the largest loss: the class of each, what it was taken for, and its number in the test"
              + " set.");
      page.html(pictures.get().worst(worst));
    } else if (!worst.isEmpty()) {
      page.fold("The examples of the largest loss");
      page.table("", List.of("example", "class", "taken for", "loss"), worstRows(worst));
      page.endFold();
    }
  }

  private static List<List<String>> perClass(JsonNode classes) {
    List<List<String>> rows = new ArrayList<>();
    for (JsonNode one : classes) {
      rows.add(
          List.of(
              one.path("class").asText(),
              whole(one.path("examples").asLong()),
              share(one.path("precision")),
              share(one.path("recall")),
              share(one.path("f1"))));
    }
    return rows;
  }

  private static String share(JsonNode value) {
    return String.format(Locale.ROOT, "%.4f", value.asDouble());
  }

  private static List<List<String>> worstRows(JsonNode worst) {
    List<List<String>> rows = new ArrayList<>();
    for (JsonNode one : worst) {
      rows.add(
          List.of(
              one.path("index").asText(),
              one.path("label").asText(),
              one.path("prediction").asText(),
              digits(one.path("loss").asDouble())));
    }
    return rows;
  }

  private void weights(Page page) throws IOException {
    Optional<Pictures> pictures = Pictures.of(evaluation.path("test").path("shape"));
    if (pictures.isPresent() && directory.hasModel()) {
      pictures
          .get()
          .weights(directory.model())
          .ifPresent(markup -> page.heading("Weights of the first layer").html(markup));
    }
  }

  private void configuration(Page page) {
    Map<String, String> defaults = ConfigReader.read(Optional.empty(), "", List.of()).entries();
    Map<String, String> changed = new LinkedHashMap<>(config.entries());
    changed.entrySet().removeIf(entry -> entry.getValue().equals(defaults.get(entry.getKey())));
    page.heading("Configuration");
    if (changed.isEmpty()) {
      page.note("The defaults.");
    } else {
      page.note("What is not as by default:").facts(changed);
    }
    page.fold("All settings").facts(config.entries()).endFold();
  }

  private void provenance(Page page) {
    Map<String, String> facts = new LinkedHashMap<>();
    for (String key :
        List.of(
            "model_sha256",
            "data_fingerprint",
            "lockstep_version",
            "seed",
            "shards",
            "engine",
            "ranks",
            "kernel")) {
      if (summary.has(key)) {
        facts.put(key, summary.path(key).asText());
      }
    }
    evaluation
        .path("provenance")
        .properties()
        .forEach(field -> facts.put(field.getKey(), field.getValue().asText()));
    page.heading("Provenance").facts(facts);
    if (summary.has("model_sha256")) {
      page.note("To train it again and compare the bits:");
      page.html("<pre>%s</pre>".formatted(escape(reproduce())));
    }
  }

  private String reproduce() {
    return "deploy/lockstep reproduce " + Words.quoted(directory.location());
  }
}
