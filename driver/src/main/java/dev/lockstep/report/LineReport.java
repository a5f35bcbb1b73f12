package dev.lockstep.report;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lockstep.storage.Location;
import dev.lockstep.storage.Storage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The line through two solutions, in one file of HTML. */
public final class LineReport {
  private LineReport() {}

  /**
   * Writes what {@code interpolate} has found.
   *
   * @param file where to
   * @param json its output
   * @throws IOException if the file cannot be written
   */
  public static void write(String file, JsonNode json) throws IOException {
    String first = json.path("first").asText();
    String second = json.path("second").asText();
    Page page = new Page("%s to %s".formatted(first, second));
    page.head("Lockstep interpolation", "finished", "");
    page.tiles(Map.of("Distance", Words.number(json.path("distance").asDouble())));
    page.note(
        "Loss and accuracy of (1 - a) %s + a %s. The sharper a solution, the steeper the walls to"
                .formatted(first, second)
            + " either side of it.");
    List<Mark> ends = List.of(new Mark(first, 0), new Mark(second, 1));
    List<Series> losses = bothSets(json, "loss");
    List<Series> accuracies = bothSets(json, "accuracy");
    page.figures(
        "Along the line",
        List.of(
            new Figure("Loss", "", Axis.linear("a"), RunCurves.along("loss", losses), losses, ends),
            new Figure(
                "Accuracy", "", Axis.linear("a"), Axis.percent("accuracy"), accuracies, ends)));
    List<List<String>> rows = new ArrayList<>();
    for (JsonNode point : json.path("line")) {
      List<String> row = new ArrayList<>();
      point.properties().forEach(field -> row.add(Words.number(field.getValue().asDouble())));
      rows.add(row);
    }
    List<String> head = new ArrayList<>();
    json.path("line").path(0).fieldNames().forEachRemaining(head::add);
    page.heading("Numbers").table("", head, rows);
    page.write(Storage.at(new Location(file)), "");
  }

  private static List<Series> bothSets(JsonNode json, String figure) {
    return List.of(
        Series.line("training set", 0, points(json, "train_" + figure)),
        Series.line("test set", 1, points(json, "test_" + figure)));
  }

  private static List<double[]> points(JsonNode json, String figure) {
    List<double[]> points = new ArrayList<>();
    for (JsonNode point : json.path("line")) {
      if (point.path(figure).isNumber()) {
        points.add(new double[] {point.path("at").asDouble(), point.path(figure).asDouble()});
      }
    }
    return points;
  }
}
