package dev.lockstep.report;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lockstep.report.Series.Style;
import dev.lockstep.train.RunDirectory;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The figures of a run's {@code metrics.jsonl}, gathered in one pass over its lines. */
final class RunCurves {
  /** Curves that fall further than this are read along a scale of powers. */
  private static final double WIDE = 30;

  private final Curve loss = new Curve();
  private final Curve rate = new Curve();
  private final Curve gradient = new Curve();
  private final Curve noise = new Curve();
  private final Curve validationLoss = new Curve();
  private final Curve validationAccuracy = new Curve();
  private final Curve testLoss = new Curve();
  private final Curve testAccuracy = new Curve();
  private final Map<String, Map<String, Curve>> layers = new LinkedHashMap<>();
  private final Map<String, Curve> times = new LinkedHashMap<>();
  private long steps;

  /** Those of a run. */
  static RunCurves of(RunDirectory run) throws IOException {
    RunCurves curves = new RunCurves();
    try (Stream<JsonNode> lines = run.steps()) {
      lines.forEach(curves::add);
    }
    return curves;
  }

  /** Takes the line of the next step. */
  private void add(JsonNode line) {
    steps = line.path("step").asLong();
    add(loss, line.path("loss"));
    add(rate, line.path("learning_rate"));
    add(gradient, line.path("grad_norm"));
    add(noise, line.path("noise_scale"));
    JsonNode validation = line.path("validation");
    add(validationLoss, validation.path("loss"));
    add(validationAccuracy, validation.path("accuracy"));
    add(testLoss, line.path("test").path("loss"));
    add(testAccuracy, line.path("test").path("accuracy"));
    for (JsonNode layer : line.path("health")) {
      String name = layer.path("layer").asInt() + " " + layer.path("kind").asText();
      layer
          .properties()
          .forEach(
              field -> {
                if (!field.getKey().equals("layer") && field.getValue().isNumber()) {
                  Map<String, Curve> ofFigure =
                      layers.computeIfAbsent(field.getKey(), key -> new LinkedHashMap<>());
                  add(ofFigure.computeIfAbsent(name, key -> new Curve()), field.getValue());
                }
              });
    }
    line.path("timing")
        .properties()
        .forEach(
            field -> {
              if (field.getKey().endsWith("_ms")) {
                String phase = field.getKey().replaceFirst("_ms$", "");
                add(times.computeIfAbsent(phase, key -> new Curve()), field.getValue());
              }
            });
  }

  private void add(Curve curve, JsonNode value) {
    if (value.isNumber()) {
      curve.add((double) steps, value.asDouble());
    }
  }

  Curve loss() {
    return loss;
  }

  Curve rate() {
    return rate;
  }

  Curve validationLoss() {
    return validationLoss;
  }

  Curve validationAccuracy() {
    return validationAccuracy;
  }

  /** The last step seen; 0 before the first. */
  long steps() {
    return steps;
  }

  /** How training went. */
  List<Figure> training() {
    List<Series> losses = new ArrayList<>(rawAndSmooth("training", loss, 0));
    losses.addAll(held(validationLoss, testLoss));
    List<Figure> figures = new ArrayList<>();
    figures.add(new Figure("Loss", step(), along("loss", losses), losses));
    figures.add(
        new Figure(
            "Accuracy on examples not trained on",
            step(),
            Axis.percent("accuracy"),
            held(validationAccuracy, testAccuracy)));
    List<Series> rates = List.of(Series.line("", 0, rate.means()));
    figures.add(new Figure("Learning rate", step(), Axis.linear("rate"), rates));
    List<Series> norms = rawAndSmooth("", gradient, 0);
    figures.add(new Figure("Gradient norm", step(), along("norm", norms), norms));
    List<Series> scales = List.of(Series.line("", 3, noise.means()));
    figures.add(
        new Figure(
            "Gradient noise scale",
            "the batch size beyond which more examples a step buy little",
            step(),
            along("examples", scales),
            scales,
            List.of()));
    return figures;
  }

  /** A figure over what is held out and over the test set; only over those that it is known of. */
  private static List<Series> held(Curve validation, Curve test) {
    List<Series> series = new ArrayList<>();
    if (!validation.isEmpty()) {
      series.add(Series.line("validation", 1, validation.means()));
    }
    if (!test.isEmpty()) {
      series.add(Series.line("test", 2, test.means()));
    }
    return series;
  }

  /** How the layers fared. */
  List<Figure> layers() {
    List<Figure> figures = new ArrayList<>();
    layers.forEach(
        (figure, curves) -> {
          List<Series> series = new ArrayList<>();
          curves.forEach((layer, c) -> series.add(Series.line(layer, series.size(), c.means())));
          figures.add(
              switch (figure) {
                case "weight_norm" -> ofLayers("Weight norm", "norm", series);
                case "gradient_norm" -> ofLayers("Gradient norm by layer", "norm", series);
                case "update_ratio" -> ofLayers("Update norm over weight norm", "ratio", series);
                default ->
                    new Figure(
                        "Share of units that are " + figure, step(), Axis.percent("units"), series);
              });
        });
    return figures;
  }

  private static Figure ofLayers(String title, String unit, List<Series> series) {
    return new Figure(title, step(), along(unit, series), series);
  }

  /** Where the time of a step went. */
  List<Figure> time() {
    List<Series> series = new ArrayList<>();
    times.forEach((phase, c) -> series.add(Series.line(phase, series.size(), c.means())));
    return List.of(
        new Figure(
            "Time of a step", "mean over the ranks", step(), Axis.linear("ms"), series, List.of()));
  }

  private static List<Series> rawAndSmooth(String name, Curve curve, int colour) {
    if (curve.isEmpty()) {
      return List.of();
    }
    return List.of(
        new Series("", Style.FAINT, colour, curve.points()),
        Series.line(name, colour, curve.smooth()));
  }

  static Axis step() {
    return Axis.linear("step");
  }

  /** A scale of powers where values lie far apart and all are above 0. */
  static Axis along(String name, List<Series> series) {
    double least = Double.POSITIVE_INFINITY;
    double most = 0;
    for (Series each : series) {
      for (double[] point : each.points()) {
        least = Math.min(least, point[1]);
        most = Math.max(most, point[1]);
      }
    }
    return least > 0 && most > WIDE * least ? Axis.log(name) : Axis.linear(name);
  }
}
