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
    page.note(LineFigures.note(first, second));
    page.figures("Along the line", LineFigures.of(List.of(json), first, second));
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
}
