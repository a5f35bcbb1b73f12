package dev.lockstep.network;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.fixture.Bits;
import dev.lockstep.fixture.KernelWidths;
import dev.lockstep.kernel.Kernels;
import dev.lockstep.kernel.MatrixKernels;
import dev.lockstep.kernel.Panels;
import dev.lockstep.kernel.RowSegments;
import dev.lockstep.layer.Layer;
import dev.lockstep.layer.Operands;
import dev.lockstep.layer.Rows;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Layers that share matrices in a workspace give the bits of layers that have their own. */
class NetworkSharingTest {
  private static final int ROWS = 5;

  private final SplittableRandom random = new SplittableRandom(8);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "dense 40 relu dropout 0.5 dense 3",
        "dense 40 sigmoid dropout 0.5 dense 3",
        "dense 40 dropout 0.5 relu dense 3",
        "noise 0.3 dense 40 noise 0.1 gelu dropout 0.2 dense 3 sigmoid",
        "dense 40 gelu relu tanh prelu silu dense 3",
        "dense 40 relu prelu shared softplus dropout 0.1 noise 0.1 dense 3 softmax",
        "dropout 0.2 noise 0.1 maxout 33 3 dropout 0.5 maxout 5 softmax relu dense 3",
        "prelu dense 7 leaky-relu elu selu gelu-tanh dense 3 tanh"
      })
  void theSameBitsAsLayersApart(String entry) {
    Network network = NetworkParser.parse(9, List.of(entry));
    float[] parameters = gaussians(network.layout().length());
    clearPadding(network, parameters);
    RowSegments segments = RowSegments.single(ROWS, false);
    Rows rows = Rows.training(segments, 3, 4, new int[] {9, 2, 7, 1, 8});
    Panels x = new Panels(gaussians(Panels.START + 32 * ROWS), Panels.START, ROWS, 9);
    Panels dy = Panels.allocate(ROWS, network.outputs());
    for (int i = 0; i < ROWS * network.outputs(); i++) {
      dy.set(i / network.outputs(), i % network.outputs(), (float) random.nextGaussian());
    }
    for (Kernels kernels : KernelWidths.all()) {
      float[] expected = new float[parameters.length];
      Panels y = apart(network, kernels, rows, parameters, x, dy, expected);

      Workspace work = new Workspace(network, ROWS);
      System.arraycopy(x.data(), x.offset(), work.x().data(), work.x().offset(), 32 * ROWS);
      network.forward(kernels, rows, parameters, work);
      for (int i = 0; i < ROWS * network.outputs(); i++) {
        int row = i / network.outputs();
        int column = i % network.outputs();
        Bits.assertSame(entry, work.y().get(row, column), y.get(row, column));
        work.dy().set(row, column, dy.get(row, column));
      }
      float[] gradient = new float[parameters.length];
      network.transpose(kernels, parameters, work);
      network.backward(kernels, rows, parameters, gradient, work);
      Bits.assertSame(entry, gradient, expected);
      for (float g : expected) {
        assertThat(g).isFinite();
      }
    }
  }

  /** Every matrix by itself, but for gradients in place, which layers may count on. */
  private static Panels apart(
      Network network,
      Kernels kernels,
      Rows rows,
      float[] parameters,
      Panels x,
      Panels dy,
      float[] gradient) {
    int count = network.layers().size();
    Panels[] a = new Panels[count + 1];
    Panels[] scratch = new Panels[count];
    a[0] = x;
    for (int l = 0; l < count; l++) {
      Layer layer = network.layers().get(l);
      a[l + 1] = Panels.allocate(ROWS, layer.outputs());
      scratch[l] = layer.scratch() == 0 ? null : Panels.allocate(ROWS, layer.scratch());
      Panels w = network.layout().matrix(l, parameters);
      layer.forward(
          kernels, rows, new Operands(a[l], w, a[l + 1], scratch[l], null, null, null, null, null));
    }
    Panels d = new Panels(dy.data().clone(), dy.offset(), dy.rows(), dy.columns());
    for (int l = count - 1; l >= network.firstLearning(); l--) {
      Layer layer = network.layers().get(l);
      Panels w = network.layout().matrix(l, parameters);
      Panels dw = network.layout().matrix(l, gradient);
      Panels transposed = null;
      if (layer.readsTransposed()) {
        transposed = Panels.allocate(layer.outputs(), layer.inputs());
        kernels.matrix().transpose(w, transposed);
      }
      Panels dx = layer.isElementwise() ? d : Panels.allocate(ROWS, layer.inputs());
      Panels stack = Panels.allocate(MatrixKernels.stackRows(1), Panels.WIDTH);
      layer.backward(
          kernels, rows, new Operands(a[l], w, a[l + 1], scratch[l], transposed, d, dx, dw, stack));
      d = dx;
    }
    return a[count];
  }

  private float[] gaussians(int length) {
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = 0.5f * (float) random.nextGaussian();
    }
    return values;
  }

  private static void clearPadding(Network network, float[] parameters) {
    float[] values = parameters.clone();
    Arrays.fill(parameters, 0f);
    for (ParameterTensor tensor : network.layout().tensors()) {
      tensor.fromFileOrder(tensor.toFileOrder(values), parameters);
    }
  }
}
