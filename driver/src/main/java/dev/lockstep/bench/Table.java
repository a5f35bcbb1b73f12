package dev.lockstep.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * A table of measurements: aligned text that is also Markdown, and JSON with every digit.
 *
 * <p>A cell is a text, a number that its column formats, or null for none.
 */
public final class Table {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final String title;
  private final List<Column> columns;
  private final List<Object[]> rows = new ArrayList<>();

  /**
   * A column.
   *
   * @param head its head, with the unit
   * @param key its name in JSON
   * @param format of its numbers, as of {@link String#format}; empty for a column of text
   */
  public record Column(String head, String key, String format) {
    /** A column of text. */
    public static Column text(String head, String key) {
      return new Column(head, key, "");
    }

    private boolean isText() {
      return format.isEmpty();
    }

    private String show(Object value) {
      if (value == null) {
        return "";
      }
      return isText() ? value.toString() : String.format(Locale.ROOT, format, value);
    }
  }

  /** An empty table; its title is one line. */
  public Table(String title, Column... columns) {
    this.title = title;
    this.columns = List.of(columns);
  }

  /** Adds a row, a value for each column. */
  public void add(Object... values) {
    if (values.length != columns.size()) {
      throw new IllegalArgumentException(
          "a row of %d values in a table of %d columns".formatted(values.length, columns.size()));
    }
    rows.add(values.clone());
  }

  /** The title. */
  public String title() {
    return title;
  }

  /** Aligned text, valid as Markdown: numbers to the right. */
  public String text() {
    int[] widths = new int[columns.size()];
    List<String[]> cells = new ArrayList<>();
    cells.add(columns.stream().map(Column::head).toArray(String[]::new));
    for (Object[] row : rows) {
      String[] shown = new String[widths.length];
      for (int c = 0; c < widths.length; c++) {
        shown[c] = columns.get(c).show(row[c]);
      }
      cells.add(shown);
    }
    for (String[] row : cells) {
      for (int c = 0; c < widths.length; c++) {
        widths[c] = Math.max(widths[c], row[c].length());
      }
    }
    StringBuilder text = new StringBuilder(title).append("\n\n");
    line(text, cells.get(0), widths);
    for (int c = 0; c < widths.length; c++) {
      boolean isText = columns.get(c).isText();
      text.append("| ")
          .append("-".repeat(widths[c] - (isText ? 0 : 1)))
          .append(isText ? " " : ": ");
    }
    text.append("|\n");
    cells.subList(1, cells.size()).forEach(row -> line(text, row, widths));
    return text.toString();
  }

  private void line(StringBuilder text, String[] row, int[] widths) {
    for (int c = 0; c < widths.length; c++) {
      String gap = " ".repeat(widths[c] - row[c].length());
      text.append("| ").append(columns.get(c).isText() ? row[c] + gap : gap + row[c]).append(' ');
    }
    text.append("|\n");
  }

  /** {@code {"title": ..., "rows": [{key: value, ...}, ...]}}. */
  public ObjectNode json() {
    ObjectNode json = JSON.createObjectNode();
    json.put("title", title);
    ArrayNode array = json.putArray("rows");
    for (Object[] row : rows) {
      ObjectNode object = array.addObject();
      for (int c = 0; c < row.length; c++) {
        boolean isText = columns.get(c).isText() && row[c] != null;
        object.set(columns.get(c).key(), JSON.valueToTree(isText ? row[c].toString() : row[c]));
      }
    }
    return json;
  }

  @Override
  public String toString() {
    return "%s %s".formatted(title, Arrays.deepToString(rows.toArray()));
  }
}
