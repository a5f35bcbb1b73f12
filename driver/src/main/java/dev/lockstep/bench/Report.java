package dev.lockstep.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.train.Version;
import java.util.List;

/**
 * What a benchmark found.
 *
 * @param kernel the kernels that it ran with
 * @param tables the measurements
 */
public record Report(String kernel, List<Table> tables) {
  private static final ObjectMapper JSON = new ObjectMapper();

  public Report {
    tables = List.copyOf(tables);
  }

  /** For people: the conditions in a line, then the tables; valid as Markdown. */
  public String text() {
    StringBuilder text =
        new StringBuilder(
            "lockstep %s, %s kernels, Java %s, %s %s, %d processors%n"
                .formatted(
                    Version.text(),
                    kernel,
                    Runtime.version(),
                    System.getProperty("os.name"),
                    System.getProperty("os.arch"),
                    Runtime.getRuntime().availableProcessors()));
    for (Table table : tables) {
      text.append(System.lineSeparator()).append(table.text());
    }
    return text.toString();
  }

  /** For programs: the same, with every digit. */
  public String json() {
    ObjectNode json = JSON.createObjectNode();
    json.put("lockstep_version", Version.text());
    json.put("kernel", kernel);
    json.put("java", Runtime.version().toString());
    json.put("os", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
    json.put("processors", Runtime.getRuntime().availableProcessors());
    ArrayNode array = json.putArray("tables");
    tables.forEach(table -> array.add(table.json()));
    return json.toPrettyString() + System.lineSeparator();
  }
}
