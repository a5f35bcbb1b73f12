package dev.lockstep.bits;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.data.BatchGrowth;
import dev.lockstep.engine.Engine;
import dev.lockstep.gradient.NoiseSampling;
import dev.lockstep.optimizer.Clipping;
import dev.lockstep.optimizer.Clipping.Mode;
import dev.lockstep.optimizer.Penalties;
import dev.lockstep.spark.AllReduceEngine;
import dev.lockstep.spark.Fault;
import dev.lockstep.spark.SparkSettings;
import dev.lockstep.spark.SparkShards;
import dev.lockstep.spark.TreeEngine;
import dev.lockstep.spark.exchange.Hub;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The first promise: within a cell of (data, batch size, shards, seed, optimiser) every engine,
 * rank count, kernel and round length gives the bits of the reference.
 */
class SameBitsTest {
  private static final int SLOTS = 8;
  private static final List<Integer> RANKS = List.of(1, 2, 3, 5, 8);
  private static final List<String> ON_SPARK = List.of("tree", "allreduce");
  private static final List<Integer> ROUNDS = List.of(1, 7, Integer.MAX_VALUE);
  private static final List<String> KERNELS =
      List.of("scalar", "vector128", "vector256", "vector512");

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
          new Cell(60, 5, 16, "sgd", 2, 12),
          beside(7, Cell.Extras.NONE.with(new Clipping(Mode.GLOBAL_NORM, 0.5f))),
          beside(16, Cell.Extras.NONE.with(new Clipping(Mode.NORM, 0.2f)).averaged(0.9f)),
          beside(
              16,
              Cell.Extras.NONE.growing(new BatchGrowth(3, List.of(1)), new NoiseSampling(2, 0.7))),
          beside(7, Cell.Extras.NONE.growing(BatchGrowth.NONE, new NoiseSampling(1, 0.9))),
          new Cell(
              300,
              32,
              16,
              "lars",
              2,
              13,
              Cell.Extras.NONE.with(new Clipping(Mode.GLOBAL_NORM, 0.5f))),
          new Cell(
              300,
              32,
              16,
              "lamb",
              2,
              14,
              Cell.Extras.NONE.with(new Penalties(0, 1e-3f, 0.01f, 0)).averaged(0.9f)),
          beside(
              16,
              Cell.Extras.NONE
                  .with(new Clipping(Mode.VALUE, 0.01f))
                  .with(new Penalties(1e-4f, 1e-3f, 0.01f, 0.8f))),
          beside(7, Cell.Extras.NONE.of("dense 33 sigmoid", "dense 10").losing("hinge")),
          beside(
              16,
              Cell.Extras.NONE.of(
                  "noise 0.1", "dense 40 prelu dropout 0.3", "maxout 33 3", "dense 10")),
          beside(
              7,
              Cell.Extras.NONE
                  .of("dropout 0.2", "dense 37 gelu", "dense 20 prelu shared", "dense 10 softplus")
                  .losing("mean-squared-error")));

  /** A cell with a short last batch, and something beside dense layers and an optimiser. */
  private static Cell beside(int shards, Cell.Extras extras) {
    return new Cell(300, 32, shards, "momentum", 2, 30 + shards, extras);
  }

  private static final Map<Cell, Cell.Outcome> REFERENCES = new ConcurrentHashMap<>();

  private static JavaSparkContext spark;

  @BeforeAll
  static void start() {
    spark = TestSpark.open(SLOTS);
  }

  @AfterAll
  static void stop() {
    spark.stop();
  }

  /**
   * One way to run a cell.
   *
   * @param cell the cell
   * @param engine local, tree or allreduce
   * @param ranks N
   * @param kernel the kernels
   * @param roundSteps the longest round
   */
  private record Variant(Cell cell, String engine, int ranks, String kernel, int roundSteps) {}

  /** Every cell with every engine and rank count; kernels and rounds take turns. */
  static List<Variant> variants() {
    List<Variant> variants = new ArrayList<>();
    for (int c = 0; c < CELLS.size(); c++) {
      Cell cell = CELLS.get(c);
      for (int k = 0; k < KERNELS.size(); k++) {
        variants.add(new Variant(cell, "local", 1, KERNELS.get(k), ROUNDS.get((c + k) % 3)));
      }
      for (int r = 0; r < RANKS.size(); r++) {
        for (int e = 0; e < ON_SPARK.size(); e++) {
          if (RANKS.get(r) <= cell.shards()) {
            String kernel = KERNELS.get((c + r + e) % KERNELS.size());
            int round = ROUNDS.get((c + r) % ROUNDS.size());
            variants.add(new Variant(cell, ON_SPARK.get(e), RANKS.get(r), kernel, round));
          }
        }
      }
    }
    return variants;
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("variants")
  void sameBits(Variant variant) throws IOException {
    Cell cell = variant.cell();
    Cell.Outcome outcome =
        variant.engine().equals("local")
            ? cell.local(variant.kernel(), variant.roundSteps())
            : onSpark(
                cell, variant.engine(), variant.ranks(), variant.kernel(), variant.roundSteps());
    assertThat(outcome).isEqualTo(reference(cell));
  }

  static List<Arguments> groups() {
    List<Arguments> groups = new ArrayList<>();
    for (int accumulate : new int[] {2, 3, 5, 1000}) {
      groups.add(Arguments.of("local", 1, accumulate));
      groups.add(Arguments.of("tree", 3, accumulate));
      groups.add(Arguments.of("allreduce", 2, accumulate));
    }
    return groups;
  }

  @ParameterizedTest(name = "{0} on {1} ranks in {2} groups")
  @MethodSource("groups")
  void accumulatingChangesNoBit(String engine, int ranks, int accumulate) throws IOException {
    Cell whole = new Cell(3000, 1000, 16, "momentum", 2, 8);
    Cell inGroups =
        new Cell(3000, 1000, 16, "momentum", 2, 8, Cell.Extras.NONE.accumulated(accumulate));
    Cell.Outcome outcome =
        engine.equals("local")
            ? inGroups.local("auto", 7)
            : onSpark(inGroups, engine, ranks, "auto", 7);
    assertThat(outcome).isEqualTo(reference(whole));
  }

  @Test
  void variantsCoverAllPairs() {
    Set<List<Object>> pairs = new HashSet<>();
    for (Variant v : variants()) {
      pairs.add(List.of("engine, kernel", v.engine(), v.kernel()));
      pairs.add(List.of("engine, round", v.engine(), v.roundSteps()));
      pairs.add(List.of("kernel, round", v.kernel(), v.roundSteps()));
      pairs.add(List.of("ranks, kernel", v.ranks(), v.kernel()));
      pairs.add(List.of("ranks, round", v.ranks(), v.roundSteps()));
      pairs.add(List.of("engine, ranks", v.engine(), v.ranks()));
      pairs.add(List.of("kernel, optimizer", v.kernel(), v.cell().optimizer()));
      pairs.add(List.of("round, optimizer", v.roundSteps(), v.cell().optimizer()));
      pairs.add(List.of("ranks, optimizer", v.ranks(), v.cell().optimizer()));
      pairs.add(List.of("kernel, shards", v.kernel(), v.cell().shards()));
      pairs.add(List.of("round, shards", v.roundSteps(), v.cell().shards()));
    }
    // engines x kernels, engines x rounds, and so on; engines x ranks is local on 1 and 2 x 5.
    assertThat(pairs).hasSize(3 * 4 + 3 * 3 + 4 * 3 + 5 * 4 + 5 * 3 + 11 + 20 + 15 + 25 + 16 + 12);
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
    SparkSettings settings = new SparkSettings(kernel, 4, 30_000, 60_000, Hub.Listen.ANYWHERE);
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
