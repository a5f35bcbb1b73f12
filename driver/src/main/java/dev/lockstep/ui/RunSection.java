package dev.lockstep.ui;

import dev.lockstep.ui.Chart.Form;
import dev.lockstep.ui.Chart.Point;
import dev.lockstep.ui.Chart.Series;
import dev.lockstep.watch.EpochPoint;
import dev.lockstep.watch.LayerPoint;
import dev.lockstep.watch.Pace;
import dev.lockstep.watch.RunDescription;
import dev.lockstep.watch.StepPoint;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * A run in full: what it is, how far it is, its curves, its ranks, its layers.
 *
 * @param run the run
 * @param isLive whether its application still goes
 */
record RunSection(RunView run, boolean isLive) {
  String render() {
    StringBuilder out = new StringBuilder();
    head(out);
    tiles(out);
    charts(out);
    boolean isGoing = isLive && run.isRunning();
    out.append(
        isGoing
            ? new RankTable("lately", run.recent(), run.ranks()).render()
            : new RankTable("in the mean", run.ranks(), run.ranks()).render());
    layers(out);
    return out.toString();
  }

  /** How a run stands; one whose application is gone has ended without a word. */
  static String status(RunView run, boolean isLive) {
    return run.isRunning() && !isLive ? "cut off" : run.status();
  }

  private void head(StringBuilder out) {
    RunDescription about = run.description();
    String status = status(run, isLive);
    out.append(
        Html.format(
            "<header><h4>%s <span class=\"status %s\" id=\"run-status\">%s</span></h4>",
            Html.escape(about.name()), Html.escape(status), Html.escape(status)));
    out.append("<p class=\"network\">").append(about.inputs());
    about.layers().forEach(layer -> out.append(" → ").append(Html.escape(layer)));
    out.append("</p><p class=\"about\">");
    out.append(
        Html.format(
            "%,d parameters · %,d examples in batches of %,d · %s, rate %s · %s · seed %d",
            about.parameters(),
            about.examples(),
            about.batchSize(),
            Html.escape(about.optimizer()),
            Html.tick(about.learningRate()),
            Html.escape(about.loss()),
            about.seed()));
    out.append(
        Html.format(
            " · %s engine, %d %s over %d shards, %s · Lockstep %s</p>",
            Html.escape(about.engine()),
            about.ranks(),
            about.ranks() == 1 ? "rank" : "ranks",
            about.shards(),
            Html.escape(about.kernel()),
            Html.escape(about.version())));
    if (!run.message().isEmpty()) {
      out.append("<p class=\"warning\">").append(Html.escape(run.message())).append("</p>");
    }
    progress(out);
    out.append("</header>");
  }

  private void progress(StringBuilder out) {
    RunDescription about = run.description();
    double share = about.steps() == 0 ? 0 : (double) run.done() / about.steps();
    out.append(
        Html.format(
            "<div class=\"progressbar\"><i style=\"width:%.2f%%\"></i></div><p class=\"about\">",
            100 * Math.min(1, share)));
    out.append(
        Html.format(
            "step <data id=\"step\" value=\"%d\">%,d</data> of %,d · epoch %d of %d · %s",
            run.done(),
            run.done(),
            about.steps(),
            run.now() == null ? 1 : run.now().epoch(),
            about.epochs(),
            Html.time(run.updated() - run.started())));
    long done = run.done() - about.firstStep();
    if (isLive && run.isRunning() && done > 0) {
      double each = (double) (run.updated() - run.started()) / done;
      out.append(
          Html.format(" · about %s left", Html.time((long) (each * (about.steps() - run.done())))));
    }
    out.append("</p>");
  }

  private void tiles(StringBuilder out) {
    StepPoint now = run.now();
    out.append("<div class=\"tiles\">");
    tile(out, "loss", "Loss of the step", Html.figure(now == null ? Double.NaN : now.loss()));
    run.lastEpoch()
        .ifPresent(
            e -> tile(out, "epoch-loss", "Mean of epoch " + e.epoch(), Html.figure(e.loss())));
    var validation = run.lastValidation();
    if (!Double.isNaN(validation.loss())) {
      tile(out, "validation-loss", "Validation loss", Html.figure(validation.loss()));
    }
    if (!Double.isNaN(validation.accuracy())) {
      tile(out, "validation-accuracy", "Validation accuracy", Html.percent(validation.accuracy()));
    }
    if (!Double.isNaN(run.train().accuracy())) {
      tile(out, "train-accuracy", "Training accuracy", Html.percent(run.train().accuracy()));
    }
    if (!Double.isNaN(run.test().accuracy())) {
      tile(out, "test-accuracy", "Test accuracy", Html.percent(run.test().accuracy()));
    }
    double rate = now == null ? Double.NaN : now.learningRate();
    tile(out, "learning-rate", "Learning rate", Html.data(rate, Html.tick(rate)));
    double pace = run.lastPace().map(Pace::samplesPerSecond).orElse(Double.NaN);
    tile(out, "throughput", "Examples a second", Html.data(pace, Html.format("%,.0f", pace)));
    out.append("</div>");
  }

  private static void tile(StringBuilder out, String id, String name, String figure) {
    out.append(
        Html.format(
            "<div class=\"tile\" id=\"%s\"><span>%s</span><b>%s</b></div>", id, name, figure));
  }

  private void charts(StringBuilder out) {
    out.append("<div class=\"charts\">");
    boolean isFew = run.epochs().size() <= 64;
    Form marks = isFew ? Form.MARKS : Form.LINE;
    chart(
        out,
        new Chart(
            "Loss",
            "",
            List.of(
                new Series("steps", "faint", Form.LINE, ofSteps(StepPoint::loss)),
                new Series("epoch", "first", marks, ofEpochs(e -> e.loss())),
                new Series("validation", "second", marks, ofEpochs(e -> e.validation().loss()))),
            false));
    chart(
        out,
        new Chart(
            "Validation accuracy",
            "%",
            List.of(
                new Series(
                    "accuracy", "second", marks, ofEpochs(e -> 100 * e.validation().accuracy()))),
            false));
    chart(
        out,
        new Chart(
            "Learning rate",
            "",
            List.of(new Series("rate", "first", Form.LINE, ofSteps(StepPoint::learningRate))),
            true));
    chart(
        out,
        new Chart(
            "Gradient norm",
            "",
            List.of(new Series("norm", "thin first", Form.LINE, ofSteps(StepPoint::gradNorm))),
            false));
    chart(
        out,
        new Chart(
            "Throughput",
            "examples a second",
            List.of(new Series("pace", "first", Form.LINE, ofPaces(Pace::samplesPerSecond))),
            true));
    chart(out, split());
    out.append("</div>");
  }

  /** The parts of a step's time, one upon the other. */
  private Chart split() {
    return new Chart(
        "Time of a step",
        "ms",
        List.of(
            new Series(
                "wait",
                "wait",
                Form.AREA,
                ofPaces(p -> p.millisPerStep(p.compute() + p.exchange() + p.waiting()))),
            new Series(
                "exchange",
                "exchange",
                Form.AREA,
                ofPaces(p -> p.millisPerStep(p.compute() + p.exchange()))),
            new Series(
                "compute", "compute", Form.AREA, ofPaces(p -> p.millisPerStep(p.compute())))),
        true);
  }

  private static void chart(StringBuilder out, Chart chart) {
    if (!chart.isEmpty()) {
      out.append(chart.render());
    }
  }

  private List<Point> ofSteps(ToDoubleFunction<StepPoint> y) {
    return run.steps().stream().map(s -> new Point(s.step(), y.applyAsDouble(s))).toList();
  }

  private List<Point> ofEpochs(ToDoubleFunction<EpochPoint> y) {
    return run.epochs().stream().map(e -> new Point(e.step(), y.applyAsDouble(e))).toList();
  }

  private List<Point> ofPaces(ToDoubleFunction<Pace> y) {
    return run.paces().stream().map(p -> new Point(p.step(), y.applyAsDouble(p))).toList();
  }

  private void layers(StringBuilder out) {
    if (run.layers().isEmpty()) {
      return;
    }
    out.append("<h5>Layers in the last epoch</h5><div class=\"wide\"><table id=\"layers\"><thead>");
    out.append("<tr><th>Layer</th><th class=\"n\">Weights</th><th class=\"n\">Gradient</th>");
    out.append(
        "<th class=\"n\">Update / weights</th><th class=\"n\">Units</th></tr></thead><tbody>");
    for (LayerPoint layer : run.layers()) {
      out.append("<tr><td>");
      if (layer.index() > 0) {
        out.append(layer.index()).append(" · ");
      }
      out.append(Html.escape(layer.layer()));
      if (!layer.warning().isEmpty()) {
        out.append("<p class=\"warning\">").append(Html.escape(layer.warning())).append("</p>");
      }
      out.append("</td>");
      for (double figure :
          new double[] {layer.weightNorm(), layer.gradientNorm(), layer.updateRatio()}) {
        out.append("<td class=\"n\">").append(Html.figure(figure)).append("</td>");
      }
      out.append("<td class=\"n\">");
      out.append(
          layer.activity().isEmpty()
              ? Html.NOTHING
              : Html.data(
                  layer.fraction(),
                  Html.format(
                      "%.1f %% %s", 100 * layer.fraction(), Html.escape(layer.activity()))));
      out.append("</td></tr>");
    }
    out.append("</tbody></table></div>");
  }
}
