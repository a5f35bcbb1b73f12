package dev.lockstep.config;

import java.util.List;

/**
 * The columns of a table that make its rows examples.
 *
 * @param features one of vectors, arrays or bytes, or some of a number each; empty to look for them
 * @param label of classes or numbers
 * @param weight of weights; empty for none
 * @param id of values that tell rows apart and give them their order; empty for none
 */
public record ColumnsConfig(List<String> features, String label, String weight, String id) {
  public ColumnsConfig {
    features = List.copyOf(features);
    Checks checks = new Checks();
    checks.check(!label.isBlank(), "data.label", "\"\"", "want the name of a column");
    checks.done();
  }

  static ColumnsConfig read(Values values) {
    return new ColumnsConfig(
        values.texts("data.features"),
        values.text("data.label"),
        values.text("data.weight"),
        values.text("data.id"));
  }

  void write(Entries entries) {
    entries.put("data.features", features);
    entries.put("data.label", label);
    entries.put("data.weight", weight);
    entries.put("data.id", id);
  }
}
