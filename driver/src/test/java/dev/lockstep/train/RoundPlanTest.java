package dev.lockstep.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.config.BudgetConfig;
import dev.lockstep.data.BatchPlan;
import dev.lockstep.engine.Decisions;
import dev.lockstep.engine.Monitors;
import dev.lockstep.engine.Round;
import dev.lockstep.engine.RoundResult;
import dev.lockstep.engine.SlicedVector;
import dev.lockstep.engine.State;
import dev.lockstep.engine.StepRecord;
import java.util.Collections;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

final class RoundPlanTest {
  private static final Budget UNBOUNDED =
      new Budget(new BudgetConfig(OptionalDouble.empty(), OptionalInt.empty()), () -> 0);

  private static final OptionalInt NONE = OptionalInt.empty();

  private static State at(long step) {
    return new State(step, 1, new SlicedVector(List.of()), List.of(), List.of(), Monitors.NONE);
  }

  /** A round whose steps took so long. */
  private static RoundResult took(Round round, long nanosPerStep) {
    StepRecord record = new StepRecord(round.end(), 1, 1, 0, 0, 0);
    return new RoundResult(
        at(round.end()), Collections.nCopies(round.steps(), record), round.steps() * nanosPerStep);
  }

  @Test
  void roundsEndAtEpochEndsCheckpointsAndTheLastStep() {
    RoundPlan plan =
        new RoundPlan(25, epochsOf(10), OptionalInt.of(4), NONE, OptionalInt.of(100), UNBOUNDED);
    assertThat(LongStream.of(0, 4, 8, 10, 12, 16, 20, 24).mapToObj(s -> plan.nextRound(at(s))))
        .containsExactly(
            new Round(0, 4),
            new Round(4, 4),
            new Round(8, 2),
            new Round(10, 2),
            new Round(12, 4),
            new Round(16, 4),
            new Round(20, 4),
            new Round(24, 1));
  }

  @Test
  void roundsEndAtValidationsToo() {
    RoundPlan plan =
        new RoundPlan(25, epochsOf(10), OptionalInt.of(7), OptionalInt.of(4), NONE, UNBOUNDED);
    assertThat(LongStream.of(0, 4, 7, 8, 10, 12, 14).mapToObj(s -> plan.nextRound(at(s)).end()))
        .containsExactly(4L, 7L, 8L, 10L, 12L, 14L, 16L);
  }

  @Test
  void anEarlyStopIsTheEndAndIsSaved() {
    RoundPlan plan = new RoundPlan(25, epochsOf(10), NONE, NONE, NONE, UNBOUNDED);
    State early = at(13);
    Decisions stopped = new Decisions(1, 0, 0, 0, 0, 3, 7, true);
    assertThat(plan.isDone(early)).isFalse();
    assertThat(plan.isCheckpoint(early)).isFalse();
    State end = early.with(stopped, List.of());
    assertThat(plan.isDone(end)).isTrue();
    assertThat(plan.isCheckpoint(end)).isTrue();
  }

  @Test
  void savesAtEpochEndsUnlessToldOtherwiseAndAlwaysAtTheEnd() {
    RoundPlan byEpoch = new RoundPlan(25, epochsOf(10), NONE, NONE, NONE, UNBOUNDED);
    assertThat(LongStream.rangeClosed(1, 25).filter(s -> byEpoch.isCheckpoint(at(s))))
        .containsExactly(10L, 20L, 25L);
    RoundPlan byStep = new RoundPlan(25, epochsOf(10), OptionalInt.of(7), NONE, NONE, UNBOUNDED);
    assertThat(LongStream.rangeClosed(1, 25).filter(s -> byStep.isCheckpoint(at(s))))
        .containsExactly(7L, 14L, 21L, 25L);
  }

  @Test
  void isDoneAfterTheLastStep() {
    RoundPlan plan = new RoundPlan(25, epochsOf(10), NONE, NONE, NONE, UNBOUNDED);
    assertThat(plan.isDone(at(24))).isFalse();
    assertThat(plan.isDone(at(25))).isTrue();
  }

  @Test
  void aConfiguredLengthIsKept() {
    RoundPlan plan = new RoundPlan(1000, epochsOf(1000), NONE, NONE, OptionalInt.of(3), UNBOUNDED);
    plan.observe(took(new Round(0, 3), 1));
    assertThat(plan.nextRound(at(3))).isEqualTo(new Round(3, 3));
  }

  @Test
  void theAutomaticLengthAimsAtFiveSecondsAfterAShortFirstRound() {
    RoundPlan plan = new RoundPlan(1_000_000, epochsOf(1_000_000), NONE, NONE, NONE, UNBOUNDED);
    Round first = plan.nextRound(at(0));
    assertThat(first).isEqualTo(new Round(0, 50));
    plan.observe(took(first, 1_000_000));
    assertThat(plan.nextRound(at(50))).isEqualTo(new Round(50, 5000));
    plan.observe(took(new Round(50, 5000), 2_000_000_000));
    assertThat(plan.nextRound(at(5050))).isEqualTo(new Round(5050, 2));
  }

  @Test
  void theAutomaticLengthIsBoundedWhateverIsObserved() {
    long huge = 1L << 40;
    RoundPlan plan = new RoundPlan(huge, epochsOf(huge), NONE, NONE, NONE, UNBOUNDED);
    plan.observe(took(new Round(0, 50), Long.MAX_VALUE / 50));
    assertThat(plan.nextRound(at(50)).steps()).isEqualTo(1);
    plan.observe(took(new Round(50, 1), 0));
    assertThat(plan.nextRound(at(51)).steps()).isEqualTo(Integer.MAX_VALUE);
    assertThat(plan.nextRound(at(huge - 3)).steps()).isEqualTo(3);
  }

  /** Whatever the settings and the times, the rounds of a run are its steps, each once. */
  @RepeatedTest(200)
  void roundsOneAfterTheOtherAreTheSteps(RepetitionInfo repetition) {
    SplittableRandom random = new SplittableRandom(repetition.getCurrentRepetition());
    long steps = random.nextLong(1, 300);
    long perEpoch = random.nextLong(1, 100);
    OptionalInt every = random.nextBoolean() ? OptionalInt.of(random.nextInt(1, 50)) : NONE;
    OptionalInt length = random.nextBoolean() ? OptionalInt.of(random.nextInt(1, 50)) : NONE;
    RoundPlan plan = new RoundPlan(steps, epochsOf(perEpoch), every, NONE, length, UNBOUNDED);
    State state = at(random.nextLong(0, steps));
    while (!plan.isDone(state)) {
      Round round = plan.nextRound(state);
      assertThat(round.first()).isEqualTo(state.step());
      assertThat(round.end()).isLessThanOrEqualTo(steps);
      for (long step = round.first() + 1; step < round.end(); step++) {
        assertThat(step % perEpoch).isNotZero();
        assertThat(plan.isCheckpoint(at(step))).isFalse();
      }
      assertThat(round.steps()).isLessThanOrEqualTo(length.orElse(Integer.MAX_VALUE));
      RoundResult result = took(round, random.nextLong(0, 3_000_000_000L));
      plan.observe(result);
      state = result.state();
    }
    assertThat(state.step()).isEqualTo(steps);
  }

  private static BatchPlan epochsOf(long steps) {
    return new BatchPlan(steps, 1, 1, 0, true);
  }
}
