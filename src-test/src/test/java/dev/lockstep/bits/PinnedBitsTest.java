package dev.lockstep.bits;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.engine.Engine;
import dev.lockstep.serialization.Sha256;
import dev.lockstep.spark.AllReduceEngine;
import dev.lockstep.spark.SparkSettings;
import dev.lockstep.spark.SparkShards;
import dev.lockstep.spark.exchange.Hub;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;

/**
 * Bits that are written down, so that JVMs can be compared with each other: the same constants hold
 * on every JDK and CPU. They change only with a change of the arithmetic, which is then a new
 * version of all results.
 */
class PinnedBitsTest {
  private static final Cell CELL = new Cell(3000, 200, 16, "adam", 2, 42);
  private static final String PINNED =
      "f44442f00cb2c9a1ddd95c49bda0033a98586611097fc8700771c425d8d5512c";

  @Test
  void localEngine() throws IOException {
    assertThat(digest(CELL.local("auto", 7))).isEqualTo(PINNED);
  }

  @Test
  void scalarKernels() throws IOException {
    assertThat(digest(CELL.local("scalar", Integer.MAX_VALUE))).isEqualTo(PINNED);
  }

  @Test
  void allReduceOnTwoSlots() {
    SparkSettings settings = new SparkSettings("auto", 1, 60_000, 60_000, Hub.Listen.ANYWHERE);
    try (JavaSparkContext spark = TestSpark.open(2);
        SparkShards shards = SparkShards.load(spark, CELL.source(), CELL.plan(), 2, Cell.CLASSES);
        Engine engine = new AllReduceEngine(spark, CELL.training(), shards, settings)) {
      assertThat(digest(CELL.run(engine, 10))).isEqualTo(PINNED);
    }
  }

  /** Of all vectors and records, as text that no JDK formats its own way. */
  private static String digest(Cell.Outcome outcome) {
    StringBuilder text = new StringBuilder();
    outcome.vectors().forEach(v -> v.forEach(bits -> text.append(bits).append(' ')));
    outcome
        .records()
        .forEach(
            step ->
                text.append(step.step())
                    .append(' ')
                    .append(Double.doubleToRawLongBits(step.loss()))
                    .append(' ')
                    .append(Double.doubleToRawLongBits(step.gradNorm()))
                    .append('\n'));
    return Sha256.of(text.toString().getBytes(StandardCharsets.UTF_8));
  }
}
