package dev.lockstep.ui;

import dev.lockstep.watch.EpochPoint;
import dev.lockstep.watch.Pace;
import java.util.List;

/** All runs of an application, a row each. */
final class RunTable {
  private RunTable() {}

  static String render(List<RunView> runs, RunView chosen, boolean isLive) {
    StringBuilder out = new StringBuilder();
    out.append(Html.format("<h5>Runs of this application (%d)</h5>", runs.size()));
    out.append("<div class=\"wide\"><table class=\"runs\"><thead><tr><th>Run</th><th>Status</th>");
    out.append("<th>Engine</th><th class=\"n\">Steps</th><th class=\"n\">Loss</th>");
    out.append("<th class=\"n\">Accuracy</th><th class=\"n\">Examples/s</th>");
    out.append("<th class=\"n\">Time</th></tr></thead><tbody>");
    for (RunView run : runs) {
      row(out, run, run.id() == chosen.id(), isLive);
    }
    return out.append("</tbody></table></div>").toString();
  }

  private static void row(StringBuilder out, RunView run, boolean isChosen, boolean isLive) {
    double loss =
        run.lastEpoch()
            .map(EpochPoint::loss)
            .orElse(run.now() == null ? Double.NaN : run.now().loss());
    double accuracy =
        Double.isNaN(run.test().accuracy())
            ? run.lastValidation().accuracy()
            : run.test().accuracy();
    double pace = run.lastPace().map(Pace::samplesPerSecond).orElse(Double.NaN);
    String status = RunSection.status(run, isLive);
    out.append(
        Html.format(
            "<tr%s><td><a href=\"?run=%d\">%d · %s</a></td><td><span class=\"status %s\">%s</span></td>",
            isChosen ? " class=\"chosen\"" : "",
            run.id(),
            run.id(),
            Html.escape(run.description().name()),
            Html.escape(status),
            Html.escape(status)));
    out.append(
        Html.format(
            "<td>%s × %d</td>",
            Html.escape(run.description().engine()), run.description().ranks()));
    cell(out, Html.format("%,d", run.done()));
    cell(out, Html.figure(loss));
    cell(out, Html.percent(accuracy));
    cell(out, Html.data(pace, Html.format("%,.0f", pace)));
    cell(out, Html.time(run.updated() - run.started()));
    out.append("</tr>");
  }

  private static void cell(StringBuilder out, String html) {
    out.append("<td class=\"n\">").append(html).append("</td>");
  }
}
