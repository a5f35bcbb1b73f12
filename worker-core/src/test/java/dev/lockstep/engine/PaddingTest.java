package dev.lockstep.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.data.BatchPlan;
import dev.lockstep.fixture.KernelWidths;
import dev.lockstep.kernel.Kernels;
import dev.lockstep.network.ParameterLayout;
import dev.lockstep.network.ParameterTensor;
import dev.lockstep.optimizer.Optimizer;
import dev.lockstep.optimizer.OptimizerKind;
import dev.lockstep.optimizer.Optimizers;
import dev.lockstep.setting.Settings;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Padding of parameters and slots is +0 and stays it. */
class PaddingTest {
  @ParameterizedTest
  @ValueSource(strings = {"identity", "relu", "sigmoid", "tanh"})
  void paddingStaysPositiveZeroThroughTraining(String activation) {
    BatchPlan plan = new BatchPlan(Runs.EXAMPLES, 64, 7, 6, true);
    for (Kernels kernels : KernelWidths.all()) {
      for (OptimizerKind kind : Optimizers.KINDS.all()) {
        Optimizer optimizer = kind.create(Settings.defaults(kind));
        Training training = Runs.training(activation, optimizer, 0.05, plan);
        boolean[] isPadding = padding(training.network().layout());
        State end = Runs.run(training, kernels, 12).state();
        assertPositiveZero(end.parameters(), isPadding);
        end.slots().forEach(slot -> assertPositiveZero(slot, isPadding));
      }
    }
  }

  private static void assertPositiveZero(SlicedVector vector, boolean[] isPadding) {
    float[] flat = vector.toFlat();
    for (int i = 0; i < flat.length; i++) {
      if (isPadding[i]) {
        assertThat(Float.floatToRawIntBits(flat[i])).as("padding at %s", i).isZero();
      }
    }
  }

  /** What no tensor writes. */
  private static boolean[] padding(ParameterLayout layout) {
    float[] written = new float[layout.length()];
    for (ParameterTensor tensor : layout.tensors()) {
      float[] ones = new float[tensor.size()];
      Arrays.fill(ones, 1f);
      tensor.fromFileOrder(ones, written);
    }
    boolean[] isPadding = new boolean[written.length];
    int count = 0;
    for (int i = 0; i < written.length; i++) {
      isPadding[i] = written[i] == 0;
      count += isPadding[i] ? 1 : 0;
    }
    assertThat(count).isEqualTo(layout.length() - (int) layout.parameters()).isPositive();
    return isPadding;
  }
}
