package dev.lockstep.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.lockstep.data.BatchPlan;
import dev.lockstep.setting.Settings;
import dev.lockstep.setting.SettingsException;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds for every schedule; a new one is one more row. */
class ScheduleContractTest {
  /** A run of 300 steps, 10 of them an epoch. */
  private static final Horizon HORIZON = new Horizon(0.4, new BatchPlan(10, 1, 1, 0, false), 300);

  private record Row(String name, Schedule schedule, DoubleUnaryOperator closedForm) {
    @Override
    public String toString() {
      return name + ": " + schedule;
    }
  }

  private static Schedule create(String kind, Map<String, String> given) {
    ScheduleKind found = Schedules.KINDS.get(kind);
    return found.create(Settings.read(found, given), HORIZON);
  }

  private static Row row(String kind, Map<String, String> given, DoubleUnaryOperator closedForm) {
    return new Row(kind, create(kind, given), closedForm);
  }

  static Stream<Row> rows() {
    return Stream.concat(kinds(), warmUps());
  }

  private static Stream<Row> kinds() {
    return Stream.of(
        row("constant", Map.of(), s -> 0.4),
        row("step", Map.of(), s -> 0.4 * Math.pow(0.1, Math.floor(s / 30))),
        row(
            "step",
            Map.of("factor", "0.5", "every", "7 steps"),
            s -> 0.4 * Math.pow(0.5, Math.floor(s / 7))),
        row("step", Map.of("factor", "1", "every", "1 step"), s -> 0.4),
        row(
            "multi-step",
            Map.of("factor", "0.5", "milestones", "[3, 55 steps, 20 epochs]"),
            s -> 0.4 * (s < 30 ? 1 : s < 55 ? 0.5 : s < 200 ? 0.25 : 0.125)),
        row("exponential", Map.of(), s -> 0.4 * Math.pow(0.1, s / 10.0)),
        row(
            "exponential",
            Map.of("factor", "0.97", "every", "1 step"),
            s -> 0.4 * Math.pow(0.97, s)),
        row("inverse-time", Map.of(), s -> 0.4 / (1 + s / 10.0)),
        row(
            "inverse-time",
            Map.of("decay", "0.5", "every", "3 steps"),
            s -> 0.4 / (1 + 0.5 * s / 3.0)),
        row("polynomial", Map.of(), s -> 0.4 * Math.max(0, 1 - s / 300.0)),
        row(
            "polynomial",
            Map.of("end", "0.1", "power", "2.5", "length", "9"),
            s -> 0.1 + 0.3 * Math.pow(Math.max(0, 1 - s / 90.0), 2.5)),
        row("cosine", Map.of(), s -> 0.4 * cosine(s / 300.0)),
        row(
            "cosine",
            Map.of("end", "0.01", "length", "100 steps"),
            s -> 0.01 + 0.39 * cosine(s / 100.0)),
        row("cosine-restarts", Map.of(), s -> 0.4 * cosine(s % 100 / 100.0)),
        row(
            "cosine-restarts",
            Map.of("end", "0.1", "period", "20 steps", "growth", "3"),
            s -> 0.1 + 0.3 * cosine(ofPeriod(s, 20, 3))),
        row("one-cycle", Map.of(), s -> oneCycle(s, 25, 1e4, 0.3, 300)),
        row(
            "one-cycle",
            Map.of(
                "start-divisor", "10", "end-divisor", "100", "rising", "0.5", "length", "50 steps"),
            s -> oneCycle(s, 10, 100, 0.5, 50)),
        row(
            "sequence",
            Map.of(
                "phases", "[constant for 2 epochs, cosine end=0.1 for 40 steps, constant at 0.1]"),
            s -> s < 20 ? 0.4 : 0.1 + 0.3 * cosine((s - 20) / 40.0)),
        row(
            "sequence",
            Map.of("phases", "[step at 0.2 every=2 steps factor=0.5 for 10 steps, polynomial]"),
            s ->
                s < 10
                    ? 0.2 * Math.pow(0.5, Math.floor(s / 2))
                    : 0.4 * Math.max(0, 1 - (s - 10) / 290.0)));
  }

  private static Stream<Row> warmUps() {
    Schedule constant = new Constant(0.1);
    Schedule stairs = new StepDecay(0.4, 0.5, 7);
    return Stream.of(
        new Row("warm-up", new LinearWarmUp(constant, 0), s -> 0.1),
        new Row("warm-up", new LinearWarmUp(constant, 1), s -> 0.1),
        new Row("warm-up", new LinearWarmUp(constant, 10), s -> 0.1 * Math.min(1, (s + 1) / 10.0)),
        new Row(
            "warm-up",
            new LinearWarmUp(stairs, 20),
            s -> 0.4 * Math.pow(0.5, Math.floor(s / 7)) * Math.min(1, (s + 1) / 20.0)),
        new Row("warm-up", new ExponentialWarmUp(constant, 0), s -> 0.1),
        new Row("warm-up", new ExponentialWarmUp(constant, 1), s -> 0.1),
        new Row(
            "warm-up",
            new ExponentialWarmUp(stairs, 20),
            s ->
                0.4
                    * Math.pow(0.5, Math.floor(s / 7))
                    * Math.pow(100, Math.min(0, (s + 1) / 20.0 - 1))));
  }

  private static double cosine(double share) {
    return (1 + Math.cos(Math.PI * Math.min(share, 1))) / 2;
  }

  /** The share of its period that a step is at. */
  private static double ofPeriod(double step, double first, double growth) {
    double end = first;
    double length = first;
    while (step >= end) {
      length *= growth;
      end += length;
    }
    return (step - (end - length)) / length;
  }

  private static double oneCycle(
      double step, double start, double end, double rising, double steps) {
    double first = 0.4 / start;
    double last = first / end;
    double top = rising * steps - 1;
    return step <= top
        ? 0.4 + (first - 0.4) * cosine(step / top)
        : last + (0.4 - last) * cosine((step - top) / (steps - 1 - top));
  }

  private static LongStream steps() {
    return LongStream.concat(
        LongStream.range(0, 300), LongStream.of(1_000_000, 1L << 31, 1L << 53));
  }

  @Test
  void theTableHasEveryKind() {
    assertThat(kinds().map(Row::name).distinct())
        .containsExactlyInAnyOrderElementsOf(Schedules.KINDS.names());
  }

  @ParameterizedTest
  @MethodSource("rows")
  void followsItsClosedForm(Row row) {
    steps()
        .forEach(
            step -> {
              double expected = row.closedForm().applyAsDouble((double) step);
              assertThat(row.schedule().rate(step))
                  .as("step %s", step)
                  .isCloseTo(expected, within(1e-15 * 0.4));
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

  @ParameterizedTest
  @MethodSource("rows")
  void isNeverNegative(Row row) {
    steps().forEach(step -> assertThat(row.schedule().rate(step)).isGreaterThanOrEqualTo(0));
  }

  @Test
  void warmUpReachesTheRateWithItsLastStepAndNotBefore() {
    Schedule warmUp = new LinearWarmUp(new Constant(0.3), 4);
    assertThat(warmUp.rate(0)).isEqualTo(0.3 * 1 / 4);
    assertThat(warmUp.rate(2)).isEqualTo(0.3 * 3 / 4);
    assertThat(warmUp.rate(3)).isEqualTo(0.3);
    assertThat(warmUp.rate(4)).isEqualTo(0.3);
    Schedule exponential = new ExponentialWarmUp(new Constant(0.3), 4);
    assertThat(exponential.rate(1)).isEqualTo(0.3 * 0.1);
    assertThat(exponential.rate(2)).isLessThan(0.3);
    assertThat(exponential.rate(3)).isEqualTo(0.3);
    assertThat(exponential.rate(4)).isEqualTo(0.3);
  }

  @Test
  void theEndIsReachedAndKept() {
    for (String kind : new String[] {"polynomial", "cosine"}) {
      Schedule schedule = create(kind, Map.of("end", "0.125", "length", "8 steps"));
      assertThat(schedule.rate(0)).isEqualTo(0.4);
      assertThat(schedule.rate(7)).isGreaterThan(0.125);
      assertThat(schedule.rate(8)).isEqualTo(0.125);
      assertThat(schedule.rate(Long.MAX_VALUE)).isEqualTo(0.125);
    }
  }

  @ParameterizedTest
  @CsvSource({"1", "2", "3", "4"})
  void oneCycleEndsWithTheRunHoweverShort(long steps) {
    Schedule cycle = new OneCycle(1, 10, 10, 0.3, steps);
    assertThat(cycle.rate(steps - 1)).isCloseTo(0.01, within(1e-15));
    assertThat(cycle.rate(steps)).isCloseTo(0.01, within(1e-15));
    assertThat(cycle.rate(0)).isBetween(0.0, 1.0);
  }

  @Test
  void periodsGrowUntilNoLongHoldsThem() {
    Schedule restarts = new CosineRestarts(1, 0, 3, 1000);
    assertThat(restarts.rate(Long.MAX_VALUE)).isBetween(0.0, 1.0);
    assertThat(restarts.rate(3)).isEqualTo(1);
    assertThat(restarts.rate(3003)).isEqualTo(1);
  }

  @Test
  void aStairWithoutStepsIsRefused() {
    assertThatThrownBy(() -> new StepDecay(0.1, 0.5, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a stair of 0 steps: want 1 or more");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[] | want a list of phases such as [constant for 5 epochs, cosine for 200 steps]",
        "[constant, cosine] | phase 1: want \"for\" and a length; only the last needs none",
        "[constant for ever] | phase 1: for ever: want a number of epochs, steps or examples",
        "[constant for 0 steps] | phase 1: for 0 steps: want a number of epochs, steps or examples",
        "[constant at] | phase 1: at : want a rate, such as at 0.01",
        "[constant at -1] | phase 1: at = -1.0: want a number 0 or more",
        "[constant 3] | phase 1: 3: want settings such as factor=0.1, or \"for\" and a length",
        "[sequence for 3 epochs] | phase 1: want no sequence within a sequence",
        "[constant for 1 epoch, step factor=2] | phase 2: factor = 2: want a number above 0, at most 1",
        "[step factor=1 factor=1] | phase 1: factor: want it once",
        "[constant every=1] | phase 1: every = 1: constant has no every; it takes nothing",
      })
  void wrongPhasesAreNamed(String phases, String want) {
    assertThatThrownBy(() -> create("sequence", Map.of("phases", phases)))
        .isInstanceOf(SettingsException.class)
        .hasMessageStartingWith("phases = [")
        .hasMessageEndingWith("]: " + want);
    assertThatThrownBy(() -> create("sequence", Map.of("phases", "[cosin for 3 epochs]")))
        .hasMessageContaining("phase 1: schedule cosin: want one of constant, step, ");
  }

  @ParameterizedTest
  @CsvSource({
    "1, 1 epoch, 10",
    "3, 3 epochs, 30",
    "3 epochs, 3 epochs, 30",
    "1 step, 1 step, 1",
    "200  steps, 200 steps, 200",
    "run, run, 300"
  })
  void lengthsAreEpochsOrStepsAndReadBack(String text, String canonical, long steps) {
    Length length = Polynomial.LENGTH.read(text).orElseThrow();
    assertThat(length.toString()).isEqualTo(canonical);
    assertThat(Polynomial.LENGTH.read(canonical)).hasValue(length);
    assertThat(length.steps(HORIZON)).isEqualTo(steps);
  }

  @ParameterizedTest
  @CsvSource({"0", "-1", "2.5", "3 days", "steps", "1000000001", "3epochs", "''"})
  void otherLengthsAreNone(String text) {
    assertThat(Polynomial.LENGTH.read(text)).isEmpty();
  }
}
