package dev.lockstep.table;

import java.util.ArrayList;
import java.util.List;

/** Tables that are kept while a run goes on. */
public final class Tables implements AutoCloseable {
  private final List<Table> tables = new ArrayList<>();

  /** Keeps one. */
  public Table add(Table table) {
    tables.add(table);
    return table;
  }

  @Override
  public void close() {
    tables.forEach(Table::close);
  }
}
