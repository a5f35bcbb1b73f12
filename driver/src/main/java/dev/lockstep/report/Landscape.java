package dev.lockstep.report;

import static dev.lockstep.ui.Html.escape;

import dev.lockstep.sweep.Spread;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeSet;

/**
 * What became of every setting that was tried: a row a tuned value, a column a cell. A trial that
 * completed has its figure and a shade, one that diverged a cross, one that ran out of its budget a
 * circle; the best of a column has a frame.
 *
 * @param cells the columns
 * @param key the tuned key of the rows
 * @param figure of a completed trial, a key of its line
 * @param isSmallBest whether a small figure is a good one
 */
record Landscape(List<SweepCell> cells, String key, String figure, boolean isSmallBest) {
  private static final double STRONG = 0.55;

  /** As a table; empty for fewer than two rows. */
  Optional<String> table() {
    TreeSet<Double> rows = new TreeSet<>();
    for (SweepCell cell : cells) {
      searched(cell).forEach(trial -> trial.number(key).ifPresent(rows::add));
    }
    if (rows.size() < 2) {
      return Optional.empty();
    }
    StringBuilder table = new StringBuilder("<div class=\"scroll\"><table class=\"landscape\">");
    table.append("<thead><tr><th>").append(escape(key)).append("</th>");
    cells.forEach(cell -> table.append("<th>").append(escape(head(cell))).append("</th>"));
    table.append("</tr></thead><tbody>");
    for (double row : rows.descendingSet()) {
      table.append("<tr><th scope=\"row\">").append(escape(Words.number(row))).append("</th>");
      cells.forEach(cell -> table.append(cell(cell, row)));
      table.append("</tr>");
    }
    return Optional.of(table.append("</tbody></table></div>").toString());
  }

  /** The value alone, where a cell is one setting. */
  private static String head(SweepCell cell) {
    return cell.name().contains(",") ? cell.name() : cell.name().replaceFirst("^[^ ]+ = ", "");
  }

  private static List<SweepTrial> searched(SweepCell cell) {
    return cell.trials().stream().filter(trial -> !trial.isRepeat()).toList();
  }

  private String cell(SweepCell cell, double row) {
    List<SweepTrial> here = new ArrayList<>();
    for (SweepTrial trial : searched(cell)) {
      OptionalDouble value = trial.number(key);
      if (value.isPresent() && value.getAsDouble() == row) {
        here.add(trial);
      }
    }
    if (here.isEmpty()) {
      return "<td></td>";
    }
    SweepTrial shown = here.stream().filter(SweepTrial::isComplete).findFirst().orElse(here.get(0));
    if (shown.isInfeasible()) {
      return "<td class=\"infeasible\" title=\"INFEASIBLE\">×</td>";
    }
    if (!shown.isComplete()) {
      return "<td class=\"budget\" title=\"OUT_OF_BUDGET\">○</td>";
    }
    double shade = shade(cell, shown);
    boolean isBest = cell.best().filter(here::contains).isPresent();
    return String.format(
        Locale.ROOT,
        "<td class=\"complete%s%s\" style=\"--a:%.3f\">%s</td>",
        isBest ? " best" : "",
        shade > STRONG ? " strong" : "",
        shade,
        shown.figure(figure).isPresent()
            ? Words.number(shown.figure(figure).getAsDouble())
            : "done");
  }

  /** How good a trial is among those of its column: a ratio where small is good. */
  private double shade(SweepCell cell, SweepTrial trial) {
    double[] all =
        searched(cell).stream()
            .filter(SweepTrial::isComplete)
            .map(each -> each.figure(figure))
            .filter(OptionalDouble::isPresent)
            .mapToDouble(OptionalDouble::getAsDouble)
            .toArray();
    if (all.length == 0 || trial.figure(figure).isEmpty()) {
      return 0.2;
    }
    Spread spread = Spread.of(Arrays.stream(all));
    double own = trial.figure(figure).getAsDouble();
    double reach = spread.max() - spread.min();
    double good = reach == 0 ? 1 : (own - spread.min()) / reach;
    return 0.12 + 0.7 * Math.pow(isSmallBest && reach > 0 ? 1 - good : good, 3);
  }
}
