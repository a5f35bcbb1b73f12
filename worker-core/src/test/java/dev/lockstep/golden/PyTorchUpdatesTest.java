package dev.lockstep.golden;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.optimizer.Optimizer;
import dev.lockstep.optimizer.Optimizers;
import dev.lockstep.optimizer.Penalties;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The arithmetic of optimisers on given gradients of very different sizes. */
class PyTorchUpdatesTest {
  private static final int UPDATES = 12;
  private static final double BOUND = 1e-6;

  @Test
  void everyKindHasGoldenValues() {
    assertThat(GoldenOptimizer.all().stream().map(GoldenOptimizer::kind).distinct())
        .containsExactlyInAnyOrderElementsOf(Optimizers.KINDS.names());
  }

  @ParameterizedTest
  @MethodSource("dev.lockstep.golden.GoldenOptimizer#all")
  void parametersAfterEachUpdate(GoldenOptimizer row) throws IOException {
    GoldenFile golden = GoldenFile.read("updates.txt");
    Optimizer optimizer = row.optimizer();
    Penalties penalties = row.penalties();
    float[] p = golden.get("start").floats();
    float[][] slots = new float[optimizer.slots().size()][p.length];
    for (int t = 1; t <= UPDATES; t++) {
      float[] g = golden.get("gradient." + t).floats();
      penalties.apply(row.updateRate(), p, g, 0, p.length);
      optimizer.update(t, row.updateRate(), p, g, slots, 0, p.length);
      golden.assertClose(row.label() + "." + t, p, BOUND);
    }
  }
}
