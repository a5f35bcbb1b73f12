package dev.lockstep.sweep;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The answers of a sweep as aligned text that is also Markdown, a line each. */
final class AnswerTable {
  private static final List<String> HEADS =
      List.of("cell", "best", "trials", "steps to goal", "validation accuracy", "test accuracy");

  private AnswerTable() {}

  /**
   * The table.
   *
   * @param spec what was asked
   * @param answers one a cell
   */
  static String text(SweepSpec spec, List<Answer> answers) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(HEADS);
    answers.forEach(answer -> rows.add(row(spec, answer)));
    int[] widths = new int[HEADS.size()];
    for (List<String> row : rows) {
      for (int c = 0; c < widths.length; c++) {
        widths[c] = Math.max(widths[c], row.get(c).length());
      }
    }
    StringBuilder text = new StringBuilder(line(rows.get(0), widths));
    for (int width : widths) {
      text.append('|').append("-".repeat(width + 2));
    }
    text.append("|\n");
    rows.stream().skip(1).forEach(row -> text.append(line(row, widths)));
    return text.toString();
  }

  private static String line(List<String> row, int[] widths) {
    StringBuilder line = new StringBuilder();
    for (int c = 0; c < widths.length; c++) {
      line.append("| ").append(row.get(c)).append(" ".repeat(widths[c] - row.get(c).length() + 1));
    }
    return line.append("|\n").toString();
  }

  private static List<String> row(SweepSpec spec, Answer answer) {
    String best = answer.bestSettings(spec).map(Point::text).orElse("none");
    return List.of(
        answer.cell().text(),
        spec.tune().isEmpty() ? "" : best + (answer.isAtEdge() ? " (at the edge)" : ""),
        counts(answer),
        range(answer.stepsToGoal(), "%.0f"),
        range(answer.figure("validation_accuracy"), "%.4f"),
        range(answer.figure("test_accuracy"), "%.4f"));
  }

  private static String counts(Answer answer) {
    List<String> counts = new ArrayList<>();
    for (Status status : Status.values()) {
      if (answer.count(status) > 0) {
        counts.add(answer.count(status) + " " + status);
      }
    }
    return String.join(", ", counts);
  }

  /** The mean and, of more than one, the range. */
  private static String range(Spread spread, String format) {
    if (spread.count() == 0) {
      return "";
    }
    String mean = String.format(Locale.ROOT, format, spread.mean());
    return spread.count() == 1
        ? mean
        : String.format(
            Locale.ROOT, "%s (" + format + " to " + format + ")", mean, spread.min(), spread.max());
  }
}
