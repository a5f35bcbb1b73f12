package dev.lockstep.bits;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.data.Shard;
import dev.lockstep.kernel.KernelChoice;
import dev.lockstep.metric.Evaluation;
import dev.lockstep.spark.SparkEvaluation;
import dev.lockstep.spark.SparkShards;
import java.io.IOException;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An evaluation on Spark is that of one thread, in every sum and count. */
@Timeout(120)
class EvaluationBitsTest {
  private static final Cell CELL = new Cell(500, 32, 16, "sgd", 1, 4);

  private static JavaSparkContext spark;

  @BeforeAll
  static void start() {
    spark = TestSpark.open(4);
  }

  @AfterAll
  static void stop() {
    spark.stop();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 8, 16})
  void howManyTasksChangesNoBit(int tasks) throws IOException {
    float[] parameters = CELL.start().parameters().toFlat();
    List<Shard> all = Shard.read(CELL.source(), CELL.plan(), 0, 16, Cell.CLASSES);
    Evaluation expected =
        Evaluation.of(
            CELL.training().network(),
            CELL.training().loss(),
            parameters,
            all,
            KernelChoice.of("scalar").kernels());
    try (SparkShards shards =
        SparkShards.load(spark, CELL.source(), CELL.plan(), tasks, Cell.CLASSES)) {
      Evaluation actual =
          SparkEvaluation.of(
                  spark,
                  CELL.training().network(),
                  CELL.training().loss(),
                  parameters,
                  List.of(shards),
                  "auto")
              .get(0);
      assertThat(actual).isEqualTo(expected);
      assertThat(actual.classes().macroF1()).isEqualTo(expected.classes().macroF1()).isPositive();
      assertThat(actual.logLoss()).isEqualTo(expected.logLoss()).isPresent();
    }
  }
}
