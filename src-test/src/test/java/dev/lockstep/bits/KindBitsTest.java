package dev.lockstep.bits;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.engine.Engine;
import dev.lockstep.layer.Layers;
import dev.lockstep.loss.Losses;
import dev.lockstep.optimizer.Optimizers;
import dev.lockstep.setting.Kind;
import dev.lockstep.spark.AllReduceEngine;
import dev.lockstep.spark.SparkSettings;
import dev.lockstep.spark.SparkShards;
import dev.lockstep.spark.TreeEngine;
import dev.lockstep.spark.exchange.Hub;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every kind of layer, loss and optimiser gives the bits of the reference on 1, 2, 3 and 8 ranks,
 * in each engine and with vectors.
 */
class KindBitsTest {
  private static final int SHARDS = 8;

  /** A network around each kind of layer; a new kind is one more row. */
  private static final Map<String, List<String>> LAYERS = new LinkedHashMap<>();

  static {
    LAYERS.put("dense", List.of("dense 33", "dense 10"));
    LAYERS.put("maxout", List.of("maxout 20 3", "dense 10"));
    LAYERS.put("identity", List.of("dense 20 identity", "dense 10"));
    LAYERS.put("sigmoid", List.of("dense 33 sigmoid", "dense 10"));
    LAYERS.put("tanh", List.of("dense 33 tanh", "dense 10"));
    LAYERS.put("relu", List.of("dense 33 relu", "dense 10"));
    LAYERS.put("leaky-relu", List.of("dense 33 leaky-relu 0.1", "dense 10"));
    LAYERS.put("prelu", List.of("dense 33 prelu", "dense 20 prelu shared", "dense 10"));
    LAYERS.put("elu", List.of("dense 33 elu", "dense 10"));
    LAYERS.put("selu", List.of("dense 33 selu", "dense 10"));
    LAYERS.put("softplus", List.of("dense 33 softplus", "dense 10"));
    LAYERS.put("gelu", List.of("dense 33 gelu", "dense 10"));
    LAYERS.put("gelu-tanh", List.of("dense 33 gelu-tanh", "dense 10"));
    LAYERS.put("silu", List.of("dense 33 silu", "dense 10"));
    LAYERS.put("softmax", List.of("dense 33 softmax", "dense 10"));
    LAYERS.put("dropout", List.of("dropout 0.2", "dense 33 sigmoid dropout 0.5", "dense 10"));
    LAYERS.put("noise", List.of("noise 0.3", "dense 33 relu noise 0.1", "dense 10"));
    // It has no derivative, so nothing below it can learn; what stands above can.
    LAYERS.put("threshold", List.of("threshold 0.5", "dense 10"));
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
        LAYERS.values().stream()
            .map(l -> cell("momentum", Cell.Extras.NONE.of(l.toArray(String[]::new))));
    Stream<Cell> losses =
        Losses.names().stream().map(loss -> cell("sgd", Cell.Extras.NONE.losing(loss)));
    Stream<Cell> optimizers =
        Optimizers.KINDS.names().stream().map(name -> cell(name, Cell.Extras.NONE));
    return Stream.of(layers, losses, optimizers).flatMap(all -> all);
  }

  @Test
  void everyKindOfLayerHasARow() {
    assertThat(LAYERS.keySet())
        .containsExactlyInAnyOrderElementsOf(
            Layers.KINDS.all().stream()
                .filter(kind -> kind.getClass().getName().startsWith("dev.lockstep."))
                .map(Kind::name)
                .toList());
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
    SparkSettings settings = new SparkSettings("auto", 1, 30_000, new Hub.Listen("", 0));
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
