package dev.lockstep.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.data.BatchPlan;
import dev.lockstep.fixture.Bits;
import dev.lockstep.fixture.Examples;
import dev.lockstep.init.InitScheme;
import dev.lockstep.kernel.Kernels;
import dev.lockstep.loss.SoftmaxCrossEntropy;
import dev.lockstep.network.NetworkParser;
import dev.lockstep.optimizer.Optimizer;
import dev.lockstep.schedule.Constant;
import dev.lockstep.schedule.LinearWarmUp;
import java.util.List;
import java.util.SplittableRandom;

/** Small runs: 150 examples of 20 bytes in 5 classes. */
final class Runs {
  static final int EXAMPLES = 150;
  static final int FEATURES = 20;
  static final int CLASSES = 5;

  static final Examples DATA = Examples.draw(EXAMPLES, FEATURES, CLASSES, new SplittableRandom(6));

  private Runs() {}

  static Training training(String activation, Optimizer optimizer, double rate, BatchPlan plan) {
    return new Training(
        NetworkParser.parse(
            FEATURES, List.of("dense 33 " + activation, "dense 13 " + activation, "dense 5")),
        new SoftmaxCrossEntropy(),
        optimizer,
        new LinearWarmUp(new Constant(rate), 4),
        plan);
  }

  static State initial(Training training) {
    return State.initial(
        training, InitScheme.heNormal().parameters(training.network().layout(), 6));
  }

  static LocalEngine engine(Training training, Kernels kernels) {
    return new LocalEngine(training, DATA.shards(training.plan()), kernels);
  }

  static RoundResult run(Training training, Kernels kernels, int steps) {
    return run(training, DATA, kernels, steps);
  }

  static RoundResult run(Training training, Examples data, Kernels kernels, int steps) {
    try (LocalEngine engine = new LocalEngine(training, data.shards(training.plan()), kernels)) {
      return engine.advance(initial(training), new Round(0, steps));
    }
  }

  /** Fails unless both states are the same in every bit. */
  static void assertSame(String what, State actual, State expected) {
    assertThat(actual.step()).as(what).isEqualTo(expected.step());
    assertThat(actual.seed()).as(what).isEqualTo(expected.seed());
    assertThat(actual.monitors()).as(what).isEqualTo(expected.monitors());
    assertThat(actual.slots()).as(what).hasSameSizeAs(expected.slots());
    Bits.assertSame(what, actual.parameters().toFlat(), expected.parameters().toFlat());
    for (int k = 0; k < expected.slots().size(); k++) {
      Bits.assertSame(
          what + ", slot " + k, actual.slots().get(k).toFlat(), expected.slots().get(k).toFlat());
    }
  }
}
