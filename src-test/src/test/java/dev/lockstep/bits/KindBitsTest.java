package dev.lockstep.bits;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.engine.Engine;
import dev.lockstep.layer.Layers;
import dev.lockstep.loss.Losses;
import dev.lockstep.optimizer.Optimizers;
import dev.lockstep.spark.AllReduceEngine;
import dev.lockstep.spark.SparkSettings;
import dev.lockstep.spark.SparkShards;
import dev.lockstep.spark.TreeEngine;
import dev.lockstep.spark.exchange.Hub;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every kind of layer, loss and optimiser gives the bits of the reference on 1, 2, 3 and 8 ranks,
 * in each engine and with vectors.
 */
class KindBitsTest {
  private static final int SHARDS = 8;

  /** Networks around kinds of layers for which {@link #around} has none that is right. */
  private static final Map<String, List<String>> LAYERS =
      Map.of(
          "dense", List.of("dense 33", "dense 10"),
          "maxout", List.of("maxout 20 3", "dense 10"),
          "leaky-relu", List.of("dense 33 leaky-relu 0.1", "dense 10"),
          "prelu", List.of("dense 33 prelu", "dense 20 prelu shared", "dense 10"),
          "dropout", List.of("dropout 0.2", "dense 33 sigmoid dropout 0.5", "dense 10"),
          "noise", List.of("noise 0.3", "dense 33 relu noise 0.1", "dense 10"),
          // It has no derivative, so nothing below it can learn; what stands above can.
          "threshold", List.of("threshold 0.5", "dense 10"));

  private static List<String> around(String kind) {
    return LAYERS.getOrDefault(kind, List.of("dense 33 " + kind, "dense 10"));
  }

  private static JavaSparkContext spark;

  @BeforeAll
  static void start() {
    spark = TestSpark.open(SHARDS);
  }

  @AfterAll
  static void stop() {
    spark.stop();
  }

  private static Cell cell(String optimizer, Cell.Extras extras) {
    return new Cell(130, 40, SHARDS, optimizer, 1, 77, extras);
  }

  static Stream<Cell> cells() {
    Stream<Cell> layers =
        Layers.KINDS.names().stream()
            .map(kind -> around(kind).toArray(String[]::new))
            .map(entries -> cell("momentum", Cell.Extras.NONE.of(entries)));
    Stream<Cell> losses =
        Losses.names().stream().map(loss -> cell("sgd", Cell.Extras.NONE.losing(loss)));
    Stream<Cell> optimizers =
        Optimizers.KINDS.names().stream().map(name -> cell(name, Cell.Extras.NONE));
    return Stream.of(layers, losses, optimizers).flatMap(all -> all);
  }

  @ParameterizedTest
  @MethodSource("cells")
  void sameBits(Cell cell) throws IOException {
    Cell.Outcome reference = cell.reference();
    assertThat(cell.local("auto", 3)).isEqualTo(reference);
    for (int ranks : new int[] {1, 2, 3, 8}) {
      assertThat(onSpark(cell, ranks)).as("%s ranks", ranks).isEqualTo(reference);
    }
  }

  /** One job a step where there are two ranks, a barrier stage elsewhere. */
  private static Cell.Outcome onSpark(Cell cell, int ranks) {
    SparkSettings settings = new SparkSettings("auto", 1, 30_000, 60_000, Hub.Listen.ANYWHERE);
    try (SparkShards shards =
            SparkShards.load(spark, cell.source(), cell.plan(), ranks, Cell.CLASSES);
        Engine engine =
            ranks == 2
                ? new TreeEngine(spark, cell.training(), shards, settings)
                : new AllReduceEngine(spark, cell.training(), shards, settings)) {
      return cell.run(engine, Integer.MAX_VALUE);
    }
  }
}
