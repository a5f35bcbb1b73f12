package dev.lockstep.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.kernel.Kernels;
import dev.lockstep.kernel.Panels;
import dev.lockstep.kernel.RowSegments;
import dev.lockstep.layer.Elementwise;
import dev.lockstep.layer.Layer;
import dev.lockstep.layer.Rows;
import dev.lockstep.loss.SoftmaxCrossEntropy;
import dev.lockstep.loss.Targets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The check finds what is wrong, and says so of nothing else. */
class GradientCheckTest {
  private static final int ROWS = 6;

  private final SplittableRandom random = new SplittableRandom(4);
  private final Targets targets = Targets.ofClasses(0, 1, 2, 0, 0, 2);
  private final Rows rows = Rows.learned(RowSegments.single(ROWS, false));

  /** {@code y = x^2}, whose backward says {@code factor x dy}. */
  private record Square(int inputs, float factor) implements Elementwise {
    @Override
    public void function(Kernels kernels, float[] y, int from, int to) {
      for (int i = from; i < to; i++) {
        y[i] = y[i] * y[i];
      }
    }

    @Override
    public boolean readsInput() {
      return true;
    }

    @Override
    public void gradient(Kernels kernels, float[] x, int xo, float[] dy, int dyo, int count) {
      for (int i = 0; i < count; i++) {
        dy[dyo + i] *= factor * x[xo + i];
      }
    }

    @Override
    public double exact(double x) {
      return x * x;
    }

    @Override
    public String label() {
      return "square";
    }
  }

  private List<GradientCheck.Tensor> check(Network network, int sample) {
    float[] parameters = network.layout().initial();
    for (ParameterTensor tensor : network.layout().tensors()) {
      float[] values = new float[tensor.size()];
      for (int i = 0; i < values.length; i++) {
        values[i] = 0.5f * (float) random.nextGaussian();
      }
      tensor.fromFileOrder(values, parameters);
    }
    return check(network, parameters, sample);
  }

  private List<GradientCheck.Tensor> check(Network network, float[] parameters, int sample) {
    Panels x = Panels.allocate(ROWS, network.inputs());
    for (int i = 0; i < x.data().length; i++) {
      x.data()[i] = random.nextFloat(-1f, 1f);
    }
    return new GradientCheck(network, new SoftmaxCrossEntropy(), Kernels.SCALAR)
        .check(parameters, x, targets, rows, sample, 1);
  }

  private static Network withSquare(float factor) {
    List<Layer> layers = new ArrayList<>(NetworkParser.parse(4, List.of("dense 5")).layers());
    layers.add(new Square(5, factor));
    layers.addAll(NetworkParser.parse(5, List.of("dense 3")).layers());
    return Network.of(layers);
  }

  @Test
  void aRightGradientIsRightInEveryTensor() {
    List<GradientCheck.Tensor> tensors = check(withSquare(2f), 1000);
    assertThat(tensors).extracting(GradientCheck.Tensor::checked).containsExactly(20, 5, 15, 3);
    assertThat(tensors).allMatch(GradientCheck.Tensor::isRight);
    assertThat(tensors).extracting(GradientCheck.Tensor::atKinks).containsOnly(0);
  }

  /** By one percent, and only below the layer that is wrong. */
  @Test
  void aWrongGradientIsFoundWhereItIs() {
    List<GradientCheck.Tensor> tensors = check(withSquare(2.02f), 1000);
    assertThat(tensors)
        .extracting(GradientCheck.Tensor::isRight)
        .containsExactly(false, false, true, true);
    GradientCheck.Tensor wrong = tensors.get(0);
    assertThat(wrong.error()).isBetween(0.009, 0.011);
    assertThat(wrong.computed() / wrong.expected()).isBetween(1.009, 1.011);
  }

  @Test
  void aGradientThatIsNotANumberIsWrong() {
    assertThat(check(withSquare(Float.NaN), 1000).get(0).isRight()).isFalse();
  }

  @Test
  void aSampleLooksAtSoManyElements() {
    List<GradientCheck.Tensor> tensors = check(withSquare(2f), 4);
    assertThat(tensors).extracting(GradientCheck.Tensor::checked).containsExactly(4, 4, 4, 3);
    assertThat(tensors).allMatch(GradientCheck.Tensor::isRight);
  }

  /** With all weights 0, every relu stands at its kink, and everything below it. */
  @Test
  void whatLiesAtAKinkIsCountedAndLeftOut() {
    Network network = NetworkParser.parse(4, List.of("dense 5 relu dense 3"));
    float[] parameters = network.layout().initial();
    float[] ones = new float[15];
    Arrays.fill(ones, 0, 5, 1f);
    network.layout().tensors().get(2).fromFileOrder(ones, parameters);
    List<GradientCheck.Tensor> tensors = check(network, parameters, 1000);
    assertThat(tensors).extracting(GradientCheck.Tensor::atKinks).containsExactly(20, 5, 0, 0);
    assertThat(tensors).allMatch(GradientCheck.Tensor::isRight);
  }

  @Test
  void aNetworkLearnsOnlyWhereAGradientPasses() {
    NetworkParser.parse(2, List.of("threshold", "dense 2")).checkLearns();
    assertThatThrownBy(() -> NetworkParser.parse(2, List.of("dense 2 threshold")).checkLearns())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "layer 2 (threshold 0.0 2) has no derivative, so layer 1 (dense 2x2) cannot learn: the network can predict, but not be trained");
    assertThatThrownBy(() -> NetworkParser.parse(2, List.of("relu")).checkLearns())
        .hasMessage(
            "no layer of the network learns anything; it needs one that does, such as \"dense 10\"");
  }

  @Test
  void aSoftmaxBeforeTheLossThatContainsItIsWarnedOf() {
    SoftmaxCrossEntropy loss = new SoftmaxCrossEntropy();
    assertThat(NetworkParser.parse(2, List.of("dense 3")).warnings(loss)).isEmpty();
    assertThat(NetworkParser.parse(2, List.of("dense 3 softmax dense 3")).warnings(loss)).isEmpty();
    assertThat(NetworkParser.parse(2, List.of("dense 3 softmax")).warnings(loss))
        .containsExactly(
            "layer 2 (softmax 3) stands before the loss softmax-cross-entropy, which contains it already and takes logits; leave the layer out");
  }
}
