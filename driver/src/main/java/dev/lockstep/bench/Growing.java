package dev.lockstep.bench;

import dev.lockstep.bench.Table.Column;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A table of costs that grow with a size: behind each cost its local exponent since the row before,
 * so that a hidden quadratic is seen at a glance.
 */
final class Growing {
  private final Table table;
  private final int size;
  private final boolean[] isCost;
  private Object[] before;

  private Growing(Table table, int size, boolean[] isCost) {
    this.table = table;
    this.size = size;
    this.isCost = isCost;
  }

  /**
   * An empty table.
   *
   * @param size index of the column that costs grow with
   * @param columns those of sizes, costs and anything else
   * @param costs indices of the columns of costs
   */
  static Growing of(String title, int size, List<Column> columns, Integer... costs) {
    List<Column> all = new ArrayList<>();
    boolean[] isCost = new boolean[columns.size()];
    for (int c = 0; c < columns.size(); c++) {
      all.add(columns.get(c));
      isCost[c] = Arrays.asList(costs).contains(c);
      if (isCost[c]) {
        all.add(new Column("exponent", columns.get(c).key() + "_exponent", "%.2f"));
      }
    }
    return new Growing(new Table(title, all.toArray(Column[]::new)), size, isCost);
  }

  /** Adds a row: a value for each column but those of exponents; null for none. */
  void add(Object... values) {
    List<Object> all = new ArrayList<>();
    for (int c = 0; c < values.length; c++) {
      all.add(values[c]);
      if (isCost[c]) {
        all.add(exponent(c, values));
      }
    }
    table.add(all.toArray());
    before = values.clone();
  }

  private Double exponent(int c, Object[] now) {
    if (before == null || before[c] == null || now[c] == null) {
      return null;
    }
    return Growth.exponent(
        number(before[size]), number(before[c]), number(now[size]), number(now[c]));
  }

  private static double number(Object value) {
    return ((Number) value).doubleValue();
  }

  Table table() {
    return table;
  }
}
