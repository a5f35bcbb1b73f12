package dev.lockstep.golden;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.optimizer.LayerwiseOptimizer;
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
      penalties.decay(row.updateRate(), p, 0, p.length);
      float rate = row.updateRate();
      if (optimizer instanceof LayerwiseOptimizer layerwise) {
        layerwise.direct(t, p, g, slots, 0, p.length);
        rate = (float) (rate * layerwise.trust(norm(p), norm(g)));
      }
      optimizer.update(t, rate, p, g, slots, 0, p.length);
      golden.assertClose(row.label() + "." + t, p, BOUND);
    }
  }

  private static double norm(float[] vector) {
    double squares = 0;
    for (float v : vector) {
      squares += (double) v * v;
    }
    return Math.sqrt(squares);
  }
}
