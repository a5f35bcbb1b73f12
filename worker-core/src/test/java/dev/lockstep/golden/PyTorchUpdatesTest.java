package dev.lockstep.golden;

import dev.lockstep.optimizer.Adam;
import dev.lockstep.optimizer.Momentum;
import dev.lockstep.optimizer.Optimizer;
import dev.lockstep.optimizer.Sgd;
import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The arithmetic of optimisers on given gradients. */
class PyTorchUpdatesTest {
  private static final int UPDATES = 12;
  private static final double BOUND = 1e-6;

  static Stream<Arguments> optimizers() {
    return Stream.of(
        Arguments.of(new Sgd(), 0.1f),
        Arguments.of(new Momentum(0.9f, false), 0.1f),
        Arguments.of(new Momentum(0.9f, true), 0.1f),
        Arguments.of(new Adam(0.9f, 0.999f, 1e-8f), 0.01f));
  }

  @ParameterizedTest
  @MethodSource("optimizers")
  void parametersAfterEachUpdate(Optimizer optimizer, float rate) throws IOException {
    GoldenFile golden = GoldenFile.read("updates-%s.txt".formatted(optimizer.name()));
    float[] p = golden.get("p.0").floats();
    float[][] slots = new float[optimizer.slots().size()][p.length];
    for (int t = 1; t <= UPDATES; t++) {
      optimizer.update(t, rate, p, golden.get("g." + t).floats(), slots, 0, p.length);
      golden.assertClose("p." + t, p, BOUND);
    }
  }
}
