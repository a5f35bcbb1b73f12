package dev.lockstep.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.data.BatchPlan;
import dev.lockstep.loss.SoftmaxCrossEntropy;
import dev.lockstep.network.NetworkParser;
import dev.lockstep.optimizer.Clipping;
import dev.lockstep.optimizer.Penalties;
import dev.lockstep.optimizer.Sgd;
import dev.lockstep.optimizer.Update;
import dev.lockstep.schedule.Constant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DeciderTest {
  private static Training training(float averageDecay) {
    return new Training(
        NetworkParser.parse(3, List.of("dense 2")),
        new SoftmaxCrossEntropy(),
        new Update(new Sgd(), new Constant(0.1), Clipping.NONE, Penalties.NONE, averageDecay),
        new BatchPlan(10, 10, 1, 0, true),
        1);
  }

  /** The states after some steps, each with parameters of its own. */
  private static State at(Training training, long step, State before) {
    float[] flat = new float[training.network().layout().length()];
    flat[flat.length - 1] = step;
    SlicedVector vector = SlicedVector.copyOf(flat, training.network().layout());
    float[] other = flat.clone();
    other[flat.length - 1] = -step;
    SlicedVector average = SlicedVector.copyOf(other, training.network().layout());
    return before.after(
        step,
        vector,
        training.update().hasAverage() ? List.of(average) : List.of(),
        before.monitors());
  }

  private static List<State> run(Training training, Decider decider, double... figures) {
    State state = State.initial(training, new float[training.network().layout().length()]);
    List<State> states = new ArrayList<>();
    for (int s = 0; s < figures.length; s++) {
      state = decider.decide(training, at(training, s + 1, state), figures[s]);
      states.add(state);
    }
    return states;
  }

  private static List<Double> scales(PlateauRule rule, double... figures) {
    return run(training(0), new Decider(rule, StopRule.NONE), figures).stream()
        .map(state -> state.monitors().decisions().rateScale())
        .toList();
  }

  @Test
  void aPlateauLowersTheRateOncePatienceIsOver() {
    assertThat(scales(new PlateauRule(0.5, 1, 0, 0, 0), 3, 2, 2, 2, 2, 2, 1, 1, 1))
        .containsExactly(1.0, 1.0, 1.0, 0.5, 0.5, 0.25, 0.25, 0.25, 0.125);
  }

  @Test
  void lessThanTheDeltaIsNotBetter() {
    assertThat(scales(new PlateauRule(0.5, 0, 0.1, 0, 0), 1, 0.95, 0.91, 0.85))
        .containsExactly(1.0, 0.5, 0.25, 0.25);
  }

  @Test
  void nothingCountsWhileItCoolsDownAndTheScaleHasAFloor() {
    assertThat(scales(new PlateauRule(0.5, 0, 0, 2, 0.3), 1, 1, 1, 1, 1, 1, 1, 1))
        .containsExactly(1.0, 0.5, 0.5, 0.5, 0.3, 0.3, 0.3, 0.3);
  }

  @Test
  void notANumberIsNeverBetter() {
    assertThat(scales(new PlateauRule(0.5, 0, 0, 0, 0), Double.NaN, 1, Double.NaN))
        .containsExactly(0.5, 0.5, 0.25);
  }

  @Test
  void aRunStopsWhenPatienceIsOverAndKeepsTheBest() {
    Training training = training(0);
    List<State> states =
        run(
            training,
            new Decider(PlateauRule.NONE, new StopRule(2, 0, true)),
            5,
            4,
            4.5,
            3,
            3,
            3.5);
    assertThat(states)
        .extracting(state -> state.monitors().decisions().isStopped())
        .containsExactly(false, false, false, false, false, true);
    State last = states.get(5);
    assertThat(last.monitors().decisions().bestStep()).isEqualTo(4);
    assertThat(lastOf(last.finalModel(training))).isEqualTo(4f);
    assertThat(lastOf(last.model(training))).isEqualTo(6f);
  }

  @Test
  void withoutRestoringTheLastParametersAreTheModel() {
    Training training = training(0);
    List<State> states =
        run(training, new Decider(PlateauRule.NONE, new StopRule(1, 0, false)), 1, 2);
    State last = states.get(1);
    assertThat(last.monitors().decisions().isStopped()).isTrue();
    assertThat(last.best()).isEmpty();
    assertThat(lastOf(last.finalModel(training))).isEqualTo(2f);
  }

  @Test
  void theBestOfAnAverageIsTheAverage() {
    Training training = training(0.5f);
    List<State> states =
        run(training, new Decider(PlateauRule.NONE, new StopRule(3, 0, true)), 2, 1, 1.5);
    assertThat(lastOf(states.get(2).finalModel(training))).isEqualTo(-2f);
    assertThat(lastOf(states.get(2).model(training))).isEqualTo(-3f);
  }

  private static float lastOf(SlicedVector vector) {
    float[] flat = vector.toFlat();
    return flat[flat.length - 1];
  }
}
