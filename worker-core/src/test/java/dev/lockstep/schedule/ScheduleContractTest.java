package dev.lockstep.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.function.LongToDoubleFunction;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds for every schedule; a new one is one more row. */
class ScheduleContractTest {
  private record Row(Schedule schedule, LongToDoubleFunction closedForm) {
    @Override
    public String toString() {
      return schedule.toString();
    }
  }

  static Stream<Row> rows() {
    Schedule constant = new Constant(0.1);
    Schedule stairs = new StepDecay(0.4, 0.5, 7);
    return Stream.of(
        new Row(constant, s -> 0.1),
        new Row(new Constant(0), s -> 0),
        new Row(stairs, s -> 0.4 * Math.pow(0.5, Math.floor(s / 7.0))),
        new Row(new StepDecay(0.4, 1, 1), s -> 0.4),
        new Row(new LinearWarmUp(constant, 0), s -> 0.1),
        new Row(new LinearWarmUp(constant, 1), s -> 0.1),
        new Row(new LinearWarmUp(constant, 10), s -> 0.1 * Math.min(1, (s + 1) / 10.0)),
        new Row(
            new LinearWarmUp(stairs, 20),
            s -> 0.4 * Math.pow(0.5, Math.floor(s / 7.0)) * Math.min(1, (s + 1) / 20.0)));
  }

  private static LongStream steps() {
    return LongStream.concat(
        LongStream.range(0, 300), LongStream.of(1_000_000, 1L << 31, 1L << 53));
  }

  @ParameterizedTest
  @MethodSource("rows")
  void followsItsClosedForm(Row row) {
    steps()
        .forEach(
            step -> {
              double expected = row.closedForm().applyAsDouble(step);
              assertThat(row.schedule().rate(step))
                  .as("step %s", step)
                  .isCloseTo(expected, within(1e-15 * expected));
            });
  }

  @ParameterizedTest
  @MethodSource("rows")
  void knowsTheStepAndNothingElse(Row row) {
    double[] upwards = LongStream.range(0, 50).mapToDouble(row.schedule()::rate).toArray();
    double[] downwards =
        LongStream.range(0, 50).map(s -> 49 - s).mapToDouble(row.schedule()::rate).toArray();
    for (int s = 0; s < 50; s++) {
      assertThat(downwards[49 - s]).isEqualTo(upwards[s]);
    }
  }

  @Test
  void warmUpReachesTheRateWithItsLastStepAndNotBefore() {
    Schedule warmUp = new LinearWarmUp(new Constant(0.3), 4);
    assertThat(warmUp.rate(0)).isEqualTo(0.3 * 1 / 4);
    assertThat(warmUp.rate(2)).isEqualTo(0.3 * 3 / 4);
    assertThat(warmUp.rate(3)).isEqualTo(0.3);
    assertThat(warmUp.rate(4)).isEqualTo(0.3);
  }

  @Test
  void aStairWithoutStepsIsRefused() {
    assertThatThrownBy(() -> new StepDecay(0.1, 0.5, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a stair of 0 steps: want 1 or more");
  }
}
