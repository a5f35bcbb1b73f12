package dev.lockstep.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * A picture of numbers; {@code report.js} draws it.
 *
 * @param title what it shows, alone of its name on the page
 * @param note a sentence below the title; empty for none
 * @param x the axis across
 * @param y the axis upwards
 * @param series what is drawn, at least one with points
 * @param marks vertical lines
 */
record Figure(String title, String note, Axis x, Axis y, List<Series> series, List<Mark> marks) {
  Figure {
    series = List.copyOf(series);
    marks = List.copyOf(marks);
  }

  Figure(String title, Axis x, Axis y, List<Series> series) {
    this(title, "", x, y, series, List.of());
  }

  /** Whether there is anything to draw. */
  boolean hasPoints() {
    return series.stream().anyMatch(each -> !each.points().isEmpty());
  }

  void write(ObjectNode json) {
    x.write(json.putObject("x"));
    y.write(json.putObject("y"));
    ArrayNode drawn = json.putArray("series");
    series.stream()
        .filter(each -> !each.points().isEmpty())
        .forEach(each -> each.write(drawn.addObject()));
    ArrayNode lines = json.putArray("marks");
    marks.forEach(mark -> mark.write(lines.addObject()));
  }
}
