package dev.lockstep.golden;

import dev.lockstep.optimizer.Optimizer;
import dev.lockstep.optimizer.OptimizerKind;
import dev.lockstep.optimizer.Optimizers;
import dev.lockstep.setting.Settings;
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
        Arguments.of("sgd", 0.1f),
        Arguments.of("momentum", 0.1f),
        Arguments.of("nesterov", 0.1f),
        Arguments.of("adam", 0.01f));
  }

  @ParameterizedTest
  @MethodSource("optimizers")
  void parametersAfterEachUpdate(String name, float rate) throws IOException {
    OptimizerKind kind = Optimizers.KINDS.get(name);
    Optimizer optimizer = kind.create(Settings.defaults(kind));
    GoldenFile golden = GoldenFile.read("updates-%s.txt".formatted(name));
    float[] p = golden.get("p.0").floats();
    float[][] slots = new float[optimizer.slots().size()][p.length];
    for (int t = 1; t <= UPDATES; t++) {
      optimizer.update(t, rate, p, golden.get("g." + t).floats(), slots, 0, p.length);
      golden.assertClose("p." + t, p, BOUND);
    }
  }
}
