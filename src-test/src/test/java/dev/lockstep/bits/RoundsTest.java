package dev.lockstep.bits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.engine.CancelledException;
import dev.lockstep.engine.Engine;
import dev.lockstep.engine.Round;
import dev.lockstep.engine.RoundResult;
import dev.lockstep.engine.State;
import dev.lockstep.engine.StepRecord;
import dev.lockstep.metric.Evaluation;
import dev.lockstep.spark.AllReduceEngine;
import dev.lockstep.spark.SparkEvaluation;
import dev.lockstep.spark.SparkSettings;
import dev.lockstep.spark.SparkShards;
import dev.lockstep.spark.exchange.Hub;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerStageSubmitted;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Rounds of the all-reduce engine that share a stage, and those that cannot. */
@Timeout(120)
class RoundsTest {
  private static final int RANKS = 3;
  private static final Cell CELL = new Cell(320, 32, 16, "adam", 1, 4);

  private final StageCounter stages = new StageCounter();
  private JavaSparkContext spark;
  private SparkShards shards;
  private Engine engine;

  @BeforeEach
  void start() throws TimeoutException {
    spark = TestSpark.open(RANKS);
    shards = SparkShards.load(spark, CELL.source(), CELL.plan(), RANKS, Cell.CLASSES);
    SparkSettings settings = new SparkSettings("auto", 2, 30_000, 60_000, Hub.Listen.ANYWHERE);
    engine = new AllReduceEngine(spark, CELL.training(), shards, settings);
    spark.sc().listenerBus().waitUntilEmpty();
    spark.sc().addSparkListener(stages);
  }

  @AfterEach
  void stop() {
    engine.close();
    shards.close();
    spark.stop();
  }

  private int stages() throws TimeoutException {
    spark.sc().listenerBus().waitUntilEmpty();
    return stages.count.get();
  }

  private void assertNothingRuns() throws TimeoutException {
    spark.sc().listenerBus().waitUntilEmpty();
    assertThat(spark.statusTracker().getActiveJobIds()).isEmpty();
  }

  @Test
  void roundsThatFollowAtOnceShareAStage() throws IOException, TimeoutException {
    assertThat(CELL.run(engine, 1)).isEqualTo(CELL.reference());
    assertThat(CELL.plan().stepsOf(0)).isEqualTo(10);
    // A machine that is busy elsewhere may make one of them late.
    assertThat(stages()).isLessThan(10);
    engine.close();
    assertNothingRuns();
  }

  @Test
  void anotherStateBeginsAnotherStage() throws TimeoutException {
    Round two = new Round(0, 2);
    RoundResult first = engine.advance(CELL.start(), two);
    RoundResult again = engine.advance(CELL.start(), two);
    assertThat(again.records()).isEqualTo(first.records());
    assertThat(again.state().parameters().toFlat()).isEqualTo(first.state().parameters().toFlat());
    assertThat(stages()).isEqualTo(2);
    Round next = new Round(2, 2);
    List<StepRecord> records = engine.advance(first.state(), next).records();
    assertThat(engine.advance(again.state(), next).records()).isEqualTo(records);
  }

  @Test
  void afterARestRoundsGoOn() throws IOException {
    RoundResult first = engine.advance(CELL.start(), new Round(0, 2));
    engine.rest();
    engine.rest();
    RoundResult second = engine.advance(first.state(), new Round(2, 8));
    assertThat(Stream.of(first, second).flatMap(round -> round.records().stream()))
        .containsExactlyElementsOf(CELL.reference().records());
  }

  @Test
  void otherJobsHaveTheirTurnBetweenRounds() throws IOException {
    State state = CELL.start();
    List<StepRecord> records = new ArrayList<>();
    for (int step = 0; step < 10; step += 2) {
      RoundResult result = engine.advance(state, new Round(step, 2));
      state = result.state();
      records.addAll(result.records());
      List<Evaluation> evaluations =
          SparkEvaluation.of(
              spark,
              CELL.training().network(),
              CELL.training().loss(),
              state.parameters().toFlat(),
              List.of(shards),
              "auto");
      assertThat(evaluations).singleElement().returns(320L, Evaluation::examples);
    }
    assertThat(records).isEqualTo(CELL.reference().records());
  }

  @Test
  void cancellingBetweenRoundsEndsTheStage() throws TimeoutException {
    RoundResult first = engine.advance(CELL.start(), new Round(0, 2));
    engine.cancel();
    assertThatThrownBy(() -> engine.advance(first.state(), new Round(2, 2)))
        .isInstanceOf(CancelledException.class);
    engine.close();
    assertNothingRuns();
  }

  /** Counts the stages that Spark begins. */
  private static final class StageCounter extends SparkListener {
    final AtomicInteger count = new AtomicInteger();

    @Override
    public void onStageSubmitted(SparkListenerStageSubmitted event) {
      count.incrementAndGet();
    }
  }
}
