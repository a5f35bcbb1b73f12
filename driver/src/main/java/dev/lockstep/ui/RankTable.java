package dev.lockstep.ui;

import dev.lockstep.watch.RankPace;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Where the time of each rank goes, and which of them the others wait for.
 *
 * @param span of which time, for people
 * @param recent over that time
 * @param whole from the beginning of the run, the same ranks
 */
record RankTable(String span, List<RankPace> recent, List<RankPace> whole) {
  /** A rank is a straggler that takes this part of a step more arithmetic than the median. */
  private static final double STRAGGLES_FROM = 0.1;

  private static final int MOST_ROWS = 32;

  String render() {
    if (recent.isEmpty()) {
      return "";
    }
    List<Integer> rows = rows();
    double longest = recent.stream().mapToDouble(RankTable::total).max().orElse(1);
    StringBuilder out = new StringBuilder();
    out.append("<h5>Ranks</h5><p id=\"skew\" class=\"about\">").append(finding()).append("</p>");
    out.append("<div class=\"wide\"><table id=\"ranks\"><thead><tr><th>Rank</th><th>Where</th>");
    out.append(Html.format("<th class=\"bar\">A step %s ", span));
    out.append("<span class=\"key compute\">compute</span>");
    out.append("<span class=\"key exchange\">exchange</span><span class=\"key wait\">wait</span>");
    out.append("</th><th class=\"n\">Compute</th><th class=\"n\">Exchange</th>");
    out.append("<th class=\"n\">Wait</th>");
    out.append(isWhole() ? "" : "<th class=\"n\">Compute, whole run</th>");
    out.append("</tr></thead><tbody>");
    for (int rank : rows) {
      row(out, rank, longest);
    }
    out.append("</tbody></table></div>");
    if (rows.size() < recent.size()) {
      out.append(
          Html.format(
              "<p class=\"about\">The %d ranks that compute longest, of %d.</p>",
              rows.size(), recent.size()));
    }
    return out.toString();
  }

  private boolean isWhole() {
    return recent.equals(whole);
  }

  /** All ranks in their order; of many, those that compute longest. */
  private List<Integer> rows() {
    List<Integer> rows = new ArrayList<>();
    for (int rank = 0; rank < recent.size(); rank++) {
      rows.add(rank);
    }
    if (rows.size() > MOST_ROWS) {
      rows.sort(Comparator.comparingDouble(rank -> -compute(recent.get(rank))));
      return rows.subList(0, MOST_ROWS);
    }
    return rows;
  }

  private static double compute(RankPace rank) {
    return (double) rank.compute() / Math.max(1, rank.steps());
  }

  private static double total(RankPace rank) {
    return (double) (rank.compute() + rank.exchange() + rank.waiting()) / Math.max(1, rank.steps());
  }

  /** The lower of the two in the middle, so that of two ranks one can straggle. */
  private double median() {
    double[] sorted = recent.stream().mapToDouble(RankTable::compute).sorted().toArray();
    return sorted[(sorted.length - 1) / 2];
  }

  private boolean straggles(int rank) {
    return recent.size() > 1 && lag(rank) > STRAGGLES_FROM;
  }

  /** How much longer a rank computes than the median, as a part of its step. */
  private double lag(int rank) {
    RankPace pace = recent.get(rank);
    return (compute(pace) - median()) / Math.max(1, total(pace));
  }

  private String finding() {
    if (recent.size() == 1) {
      return "One rank waits for nobody.";
    }
    int slowest = 0;
    int stragglers = 0;
    for (int rank = 0; rank < recent.size(); rank++) {
      slowest = compute(recent.get(rank)) > compute(recent.get(slowest)) ? rank : slowest;
      stragglers += straggles(rank) ? 1 : 0;
    }
    double times = compute(recent.get(slowest)) / Math.max(1, median());
    if (stragglers == 0) {
      return Html.format(
          "No rank holds up the others: the slowest computes %.0f %% longer than the median, %.0f %% of a step.",
          100 * (times - 1), 100 * lag(slowest));
    }
    return Html.format(
        "<b class=\"straggler\">Rank %d (%s) computes %.1f times as long as the median</b>; the others wait for it%s.",
        slowest,
        Html.escape(recent.get(slowest).place()),
        times,
        stragglers > 1 ? Html.format(", and %d more are slow", stragglers - 1) : "");
  }

  private void row(StringBuilder out, int rank, double longest) {
    RankPace pace = recent.get(rank);
    out.append(
        Html.format(
            "<tr%s><td>%d</td><td>%s</td><td class=\"bar\"><div class=\"stack\">",
            straggles(rank) ? " class=\"straggler\"" : "", rank, Html.escape(pace.place())));
    part(out, "compute", pace.compute(), pace, longest);
    part(out, "exchange", pace.exchange(), pace, longest);
    part(out, "wait", pace.waiting(), pace, longest);
    out.append("</div></td>");
    for (long nanos : new long[] {pace.compute(), pace.exchange(), pace.waiting()}) {
      cell(out, nanos, pace.steps());
    }
    if (!isWhole()) {
      cell(out, whole.get(rank).compute(), whole.get(rank).steps());
    }
    out.append("</tr>");
  }

  private static void part(
      StringBuilder out, String style, long nanos, RankPace pace, double longest) {
    double share = (double) nanos / Math.max(1, pace.steps()) / Math.max(1, longest);
    out.append(Html.format("<i class=\"%s\" style=\"width:%.2f%%\"></i>", style, 100 * share));
  }

  private static void cell(StringBuilder out, long nanos, long steps) {
    double millis = nanos / 1e6 / Math.max(1, steps);
    out.append("<td class=\"n\">")
        .append(Html.data(millis, Html.millis(millis) + " ms"))
        .append("</td>");
  }
}
