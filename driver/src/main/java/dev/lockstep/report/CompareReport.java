package dev.lockstep.report;

import dev.lockstep.compare.Comparison;
import dev.lockstep.compare.Difference;
import dev.lockstep.compare.RunRecord;
import dev.lockstep.storage.Location;
import dev.lockstep.storage.Storage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Runs over each other, in one file of HTML. */
public final class CompareReport {
  private CompareReport() {}

  /**
   * Writes a comparison.
   *
   * @param file where to
   * @param differences of each run but the first from the first
   * @throws IOException if a run cannot be read, or the file not be written
   */
  public static void write(String file, Comparison comparison, List<Difference> differences)
      throws IOException {
    List<RunRecord> runs = comparison.runs();
    Page page = new Page(String.join(" · ", runs.stream().map(RunRecord::name).toList()));
    boolean areSame = differences.stream().allMatch(Difference::isNone);
    page.head("Lockstep comparison", areSame ? "finished" : "different", "");
    for (int r = 1; r < runs.size(); r++) {
      page.note(
          "%s against %s (there): %s"
              .formatted(
                  runs.get(r).name(), runs.get(0).name(), differences.get(r - 1).describe()));
    }
    page.figures("Curves", figures(runs));
    table(page, "Configuration", comparison, comparison.settings());
    table(page, "Without effect on the result", comparison, comparison.withoutEffect());
    page.note(
        comparison.isSameData() ? "All were trained on the same data." : "Their data differ.");
    table(page, "Figures", comparison, comparison.figures());
    page.write(Storage.at(new Location(file)), "");
  }

  private static void table(
      Page page, String heading, Comparison comparison, Map<String, List<String>> rows) {
    if (rows.isEmpty()) {
      return;
    }
    List<String> head = new ArrayList<>(List.of(""));
    comparison.runs().forEach(run -> head.add(run.name()));
    List<List<String>> cells = new ArrayList<>();
    rows.forEach(
        (key, values) -> {
          List<String> row = new ArrayList<>(List.of(key));
          row.addAll(values);
          cells.add(row);
        });
    page.heading(heading).table("words", head, cells);
  }

  private static List<Figure> figures(List<RunRecord> runs) throws IOException {
    List<Series> loss = new ArrayList<>();
    List<Series> validationLoss = new ArrayList<>();
    List<Series> accuracy = new ArrayList<>();
    List<Series> rate = new ArrayList<>();
    for (int r = 0; r < runs.size(); r++) {
      String name = runs.get(r).name();
      RunCurves curves = RunCurves.of(runs.get(r).directory());
      loss.add(Series.line(name, r, curves.loss().smooth()));
      validationLoss.add(Series.line(name, r, curves.validationLoss().means()));
      accuracy.add(Series.line(name, r, curves.validationAccuracy().means()));
      rate.add(Series.line(name, r, curves.rate().means()));
    }
    Axis step = RunCurves.step();
    return List.of(
        new Figure("Training loss", step, RunCurves.along("loss", loss), loss),
        new Figure(
            "Validation loss", step, RunCurves.along("loss", validationLoss), validationLoss),
        new Figure("Validation accuracy", step, Axis.percent("accuracy"), accuracy),
        new Figure("Learning rate", step, Axis.linear("rate"), rate));
  }
}
