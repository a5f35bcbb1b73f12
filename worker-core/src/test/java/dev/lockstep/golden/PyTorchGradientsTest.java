package dev.lockstep.golden;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.fixture.KernelWidths;
import dev.lockstep.kernel.Kernels;
import dev.lockstep.kernel.Panels;
import dev.lockstep.kernel.RowSegments;
import dev.lockstep.layer.Rows;
import dev.lockstep.loss.SoftmaxCrossEntropy;
import dev.lockstep.loss.Targets;
import dev.lockstep.network.Network;
import dev.lockstep.network.NetworkParser;
import dev.lockstep.network.ParameterTensor;
import dev.lockstep.network.Workspace;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Outputs, losses and gradients of one batch through three layers. */
class PyTorchGradientsTest {
  private static final double BOUND = 1e-5;

  /**
   * The file, what stands behind two of the dense layers (or in their place), and tensors in all.
   */
  @ParameterizedTest
  @CsvSource({
    "identity, dense %d identity, 6",
    "relu, dense %d relu, 6",
    "sigmoid, dense %d sigmoid, 6",
    "tanh, dense %d tanh, 6",
    "leaky-relu, dense %d leaky-relu, 6",
    "prelu, dense %d prelu, 8",
    "prelu-shared, dense %d prelu shared, 8",
    "elu, dense %d elu, 6",
    "selu, dense %d selu, 6",
    "softplus, dense %d softplus, 6",
    "gelu, dense %d gelu, 6",
    "gelu-tanh, dense %d gelu-tanh, 6",
    "silu, dense %d silu, 6",
    "softmax, dense %d softmax, 6",
    "maxout, maxout %d 3, 6"
  })
  void outputsLossesAndGradients(String name, String entry, int tensors) throws IOException {
    GoldenFile golden = GoldenFile.read("gradients-%s.txt".formatted(name));
    Network network =
        NetworkParser.parse(13, List.of(entry.formatted(33), entry.formatted(17), "dense 5"));
    float[] parameters = golden.parameters(network);
    float[] x = golden.get("x").floats();
    int[] targets = golden.get("targets").integers();
    int rows = targets.length;
    for (Kernels kernels : KernelWidths.all()) {
      Workspace work = new Workspace(network, rows);
      for (int i = 0; i < x.length; i++) {
        work.x().set(i / network.inputs(), i % network.inputs(), x[i]);
      }
      float[] losses = new float[rows];
      float[] gradient = new float[parameters.length];
      Rows learned = Rows.learned(RowSegments.single(rows, false));
      network.forward(kernels, learned, parameters, work);
      golden.assertClose("outputs", rowMajor(rows, work.y()), BOUND);
      new SoftmaxCrossEntropy()
          .lossAndGradient(kernels, rows, work.y(), Targets.ofClasses(targets), losses, work.dy());
      golden.assertClose("losses", losses, BOUND);
      network.transpose(kernels, parameters, work);
      network.backward(kernels, learned, parameters, gradient, work);
      assertThat(network.layout().tensors()).hasSize(tensors);
      for (ParameterTensor tensor : network.layout().tensors()) {
        golden.assertClose(tensor.name() + ".gradient", tensor.toFileOrder(gradient), BOUND);
      }
    }
  }

  private static float[] rowMajor(int rows, Panels y) {
    float[] values = new float[rows * y.columns()];
    for (int i = 0; i < values.length; i++) {
      values[i] = y.get(i / y.columns(), i % y.columns());
    }
    return values;
  }
}
