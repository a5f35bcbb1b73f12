package dev.lockstep.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;

/**
 * A confusion matrix as a table with colours: a row a class, a column what its examples were taken
 * for. Hits are shaded by their share of the class; mistakes by the root of theirs, since most are
 * few.
 */
final class ConfusionTable {
  /** Beyond this, numbers have no room. */
  static final int MOST = 20;

  private static final double STRONG = 0.55;

  private ConfusionTable() {}

  /** Of rows of counts. */
  static String of(JsonNode rows) {
    StringBuilder table = new StringBuilder("<table class=\"confusion\"><thead><tr>");
    table.append("<th class=\"corner\"></th>");
    for (int c = 0; c < rows.size(); c++) {
      table.append("<th scope=\"col\">").append(c).append("</th>");
    }
    table.append("</tr></thead><tbody>");
    for (int r = 0; r < rows.size(); r++) {
      table.append("<tr><th scope=\"row\">").append(r).append("</th>");
      long all = 0;
      for (JsonNode count : rows.path(r)) {
        all += count.asLong();
      }
      for (int c = 0; c < rows.size(); c++) {
        table.append(cell(rows.path(r).path(c).asLong(), all, r == c));
      }
      table.append("</tr>");
    }
    return table.append("</tbody></table>").toString();
  }

  private static String cell(long count, long all, boolean isHit) {
    if (count == 0) {
      return "<td class=\"none\">0</td>";
    }
    double share = (double) count / (double) all;
    double shade = isHit ? 0.15 + 0.75 * share : Math.min(1, 0.12 + 1.6 * Math.sqrt(share));
    return String.format(
        Locale.ROOT,
        "<td class=\"%s%s\" style=\"--a:%.3f\">%d</td>",
        isHit ? "hit" : "miss",
        shade > STRONG ? " strong" : "",
        shade,
        count);
  }
}
