package dev.lockstep.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.bench.Table.Column;
import org.junit.jupiter.api.Test;

class TableTest {
  private static Table table() {
    Table table =
        new Table(
            "Times",
            Column.text("part", "part"),
            new Column("us", "micros", "%,.1f"),
            new Column("share", "share", "%.2f"));
    table.add("forward", 1234.56, 0.75);
    table.add(Direction.TRANSPOSE, 3.0, null);
    return table;
  }

  @Test
  void textIsAlignedMarkdown() {
    assertThat(table().text())
        .isEqualTo(
            """
            Times

            | part      |      us | share |
            | --------- | ------: | ----: |
            | forward   | 1,234.6 |  0.75 |
            | transpose |     3.0 |       |
            """);
  }

  @Test
  void jsonHasEveryDigitAndNullForNone() {
    assertThat(table().json())
        .hasToString(
            "{\"title\":\"Times\",\"rows\":["
                + "{\"part\":\"forward\",\"micros\":1234.56,\"share\":0.75},"
                + "{\"part\":\"transpose\",\"micros\":3.0,\"share\":null}]}");
  }

  @Test
  void aRowHasAValueForEachColumn() {
    assertThatThrownBy(() -> table().add("forward"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a row of 1 values in a table of 3 columns");
  }
}
