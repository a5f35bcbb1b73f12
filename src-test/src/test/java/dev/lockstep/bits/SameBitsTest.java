package dev.lockstep.bits;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.engine.Engine;
import dev.lockstep.spark.AllReduceEngine;
import dev.lockstep.spark.Fault;
import dev.lockstep.spark.SparkSettings;
import dev.lockstep.spark.SparkShards;
import dev.lockstep.spark.TreeEngine;
import dev.lockstep.spark.exchange.Hub;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The first promise: within a cell of (data, batch size, shards, seed, optimiser) every engine,
 * rank count, kernel and round length gives the bits of the reference.
 */
class SameBitsTest {
  private static final int SLOTS = 8;
  private static final int EPOCH = Integer.MAX_VALUE;

  /** Batches of 1, 32, 1000 and all; a short last batch; fewer examples than shards. */
  private static final List<Cell> CELLS =
      List.of(
          new Cell(40, 1, 1, "sgd", 2, 1),
          new Cell(50, 1, 7, "adam", 2, 2),
          new Cell(300, 32, 7, "momentum", 2, 3),
          new Cell(320, 32, 16, "adam", 2, 4),
          new Cell(300, 32, 64, "momentum", 2, 5),
          new Cell(2500, 1000, 1, "adam", 2, 6),
          new Cell(2500, 1000, 7, "sgd", 3, 7),
          new Cell(3000, 1000, 16, "momentum", 2, 8),
          new Cell(2500, 1000, 64, "adam", 2, 9),
          new Cell(700, 700, 7, "momentum", 3, 10),
          new Cell(700, 700, 64, "adam", 3, 11),
          new Cell(60, 5, 16, "sgd", 2, 12));

  private static final Map<Cell, Cell.Outcome> REFERENCES = new ConcurrentHashMap<>();

  private static JavaSparkContext spark;

  @BeforeAll
  static void start() {
    spark = TestSpark.open(SLOTS);
  }

  @AfterAll
  static void stop() {
    Hub.closeCurrent();
    spark.stop();
  }

  static Stream<Arguments> kernels() {
    return CELLS.stream()
        .flatMap(
            cell ->
                Stream.of("scalar", "vector128", "vector256", "vector512")
                    .map(
                        kernel ->
                            Arguments.of(
                                cell, kernel, List.of(1, 7, EPOCH).get(kernel.length() % 3))));
  }

  @ParameterizedTest(name = "local {1} rounds of {2}: {0}")
  @MethodSource("kernels")
  void local(Cell cell, String kernel, int roundSteps) throws IOException {
    assertThat(cell.local(kernel, roundSteps)).isEqualTo(reference(cell));
  }

  static Stream<Arguments> ranks() {
    return CELLS.stream()
        .flatMap(
            cell ->
                Stream.of(1, 2, 3, 5, 8)
                    .filter(n -> n <= cell.shards())
                    .map(n -> Arguments.of(cell, n)));
  }

  @ParameterizedTest(name = "allreduce on {1}: {0}")
  @MethodSource("ranks")
  void allreduce(Cell cell, int ranks) throws IOException {
    int roundSteps = List.of(1, 7, EPOCH).get((ranks + cell.shards()) % 3);
    assertThat(onSpark(cell, "allreduce", ranks, kernel(cell, ranks), roundSteps))
        .isEqualTo(reference(cell));
  }

  @ParameterizedTest(name = "tree on {1}: {0}")
  @MethodSource("ranks")
  void tree(Cell cell, int ranks) throws IOException {
    int roundSteps = List.of(1, 7, EPOCH).get((ranks + cell.batchSize()) % 3);
    assertThat(onSpark(cell, "tree", ranks, kernel(cell, ranks), roundSteps))
        .isEqualTo(reference(cell));
  }

  private static String kernel(Cell cell, int ranks) {
    return List.of("vector512", "vector256", "scalar", "vector128")
        .get((ranks + (int) cell.seed()) % 4);
  }

  private static Cell.Outcome reference(Cell cell) throws IOException {
    Cell.Outcome known = REFERENCES.get(cell);
    if (known == null) {
      known = cell.reference();
      REFERENCES.put(cell, known);
    }
    return known;
  }

  private static Cell.Outcome onSpark(
      Cell cell, String name, int ranks, String kernel, int roundSteps) {
    SparkSettings settings = new SparkSettings(kernel, 4, 30_000, new Hub.Listen("", 0));
    try (SparkShards shards =
            SparkShards.load(spark, cell.source(), cell.plan(), ranks, Cell.CLASSES);
        Engine engine =
            name.equals("tree")
                ? new TreeEngine(spark, cell.training(), shards, settings)
                : new AllReduceEngine(spark, cell.training(), shards, settings)) {
      return cell.run(engine, roundSteps);
    }
  }

  static Stream<Arguments> faults() {
    return Stream.of("tree", "allreduce").map(Arguments::of);
  }

  @ParameterizedTest(name = "{0} after a fault")
  @MethodSource("faults")
  void sameBitsAfterFault(String engine) throws IOException {
    Cell cell = CELLS.get(2);
    spark.sc().conf().set(Fault.KEY, "rank=1,step=4,times=1");
    try {
      assertThat(onSpark(cell, engine, 3, "auto", 7)).isEqualTo(reference(cell));
    } finally {
      spark.sc().conf().remove(Fault.KEY);
    }
  }
}
