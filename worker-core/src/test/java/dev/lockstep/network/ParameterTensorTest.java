package dev.lockstep.network;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.fixture.Bits;
import dev.lockstep.kernel.Panels;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class ParameterTensorTest {
  /** Weights of files are [O, I], as PyTorch has them; a bias is the row below. */
  @Test
  void filesHaveWeightsTransposed() {
    ParameterLayout layout = NetworkParser.parse(2, List.of("dense 3")).layout();
    float[] vector = new float[layout.length()];
    layout.tensors().get(0).fromFileOrder(new float[] {1, 2, 3, 4, 5, 6}, vector);
    layout.tensors().get(1).fromFileOrder(new float[] {7, 8, 9}, vector);
    assertThat(row(vector, 0)).containsExactly(1, 3, 5);
    assertThat(row(vector, 1)).containsExactly(2, 4, 6);
    assertThat(row(vector, 2)).containsExactly(7, 8, 9);
  }

  private static float[] row(float[] vector, int row) {
    int from = Panels.START + row * Panels.WIDTH;
    return Arrays.copyOfRange(vector, from, from + 3);
  }

  @Property(tries = 100, seed = "13")
  void fileOrderRoundTripsAndLeavesPaddingAlone(
      @ForAll @IntRange(min = 1, max = 70) int inputs,
      @ForAll @IntRange(min = 1, max = 100) int hidden,
      @ForAll @IntRange(min = 1, max = 40) int outputs,
      @ForAll long seed) {
    ParameterLayout layout =
        NetworkParser.parse(inputs, List.of("dense " + hidden, "dense " + outputs)).layout();
    SplittableRandom random = new SplittableRandom(seed);
    float[] vector = new float[layout.length()];
    Arrays.fill(vector, Float.NEGATIVE_INFINITY);
    float[][] files = new float[layout.tensors().size()][];
    for (int t = 0; t < files.length; t++) {
      ParameterTensor tensor = layout.tensors().get(t);
      files[t] = new float[tensor.size()];
      for (int i = 0; i < files[t].length; i++) {
        files[t][i] = random.nextFloat(-1f, 1f);
      }
      tensor.fromFileOrder(files[t], vector);
    }
    for (int t = 0; t < files.length; t++) {
      ParameterTensor tensor = layout.tensors().get(t);
      Bits.assertSame(tensor.name(), tensor.toFileOrder(vector), files[t]);
    }
    int padding = 0;
    for (float value : vector) {
      padding += value == Float.NEGATIVE_INFINITY ? 1 : 0;
    }
    assertThat(padding).isEqualTo(layout.length() - layout.parameters());
  }
}
