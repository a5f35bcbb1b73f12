package dev.lockstep.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.lockstep.data.BatchPlan;
import dev.lockstep.fixture.Bits;
import dev.lockstep.fixture.KernelWidths;
import dev.lockstep.gradient.NodeSum;
import dev.lockstep.kernel.Kernels;
import dev.lockstep.loss.SoftmaxCrossEntropy;
import dev.lockstep.network.Network;
import dev.lockstep.network.NetworkParser;
import dev.lockstep.network.ParameterTensor;
import dev.lockstep.optimizer.Clipping;
import dev.lockstep.optimizer.Clipping.Mode;
import dev.lockstep.optimizer.Measure;
import dev.lockstep.optimizer.Momentum;
import dev.lockstep.optimizer.Penalties;
import dev.lockstep.optimizer.Update;
import dev.lockstep.schedule.Constant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * An update with everything that may stand beside the optimiser, against the same in double tensor
 * by tensor, as a textbook would have it.
 */
class UpdateOrderTest {
  private static final double RATE = 0.1;
  private static final double MOMENTUM = 0.9;
  private static final double EXAMPLES = 8;
  private static final int STEPS = 3;

  private static final Network NETWORK =
      NetworkParser.parse(300, List.of("dense 40 relu", "dense 3"));

  static List<Update> updates() {
    List<Update> updates = new ArrayList<>();
    for (Mode mode : Mode.values()) {
      // Some of the elements, of the layers' norms, and the norm of all are above it.
      float bound = mode == Mode.VALUE ? 0.05f : 5f;
      updates.add(update(new Clipping(mode, bound), Penalties.NONE, 0));
      updates.add(update(new Clipping(mode, bound), new Penalties(0.01f, 0.1f, 0.2f, 1.1f), 0.7f));
    }
    updates.add(update(Clipping.NONE, new Penalties(0.03f, 0, 0, 0), 0));
    updates.add(update(Clipping.NONE, new Penalties(0, 0.03f, 0, 0), 0));
    updates.add(update(Clipping.NONE, new Penalties(0, 0, 0.03f, 0), 0));
    updates.add(update(Clipping.NONE, new Penalties(0, 0, 0, 1f), 0));
    updates.add(update(Clipping.NONE, Penalties.NONE, 0.9f));
    return updates;
  }

  private static Update update(Clipping clipping, Penalties penalties, float decay) {
    return new Update(
        new Momentum((float) MOMENTUM, false), new Constant(RATE), clipping, penalties, decay);
  }

  @ParameterizedTest
  @MethodSource("updates")
  void isTheTextbooks(Update update) {
    float[] expectedBits = null;
    for (Kernels kernels : KernelWidths.all()) {
      float[] parameters = run(update, kernels);
      if (expectedBits != null) {
        Bits.assertSame(kernels.name(), parameters, expectedBits);
      }
      expectedBits = parameters;
    }
  }

  private static float[] run(Update update, Kernels kernels) {
    Training training =
        new Training(
            NETWORK, new SoftmaxCrossEntropy(), update, new BatchPlan(80, 8, 1, 0, true), 1);
    StepEnd stepEnd = new StepEnd(training, Decisions.NONE, kernels);
    SplittableRandom random = new SplittableRandom(3);
    float[] parameters = draw(random, 0.1f);
    State first = State.initial(training, parameters);
    float[][] slots = first.slots().stream().map(SlicedVector::toFlat).toArray(float[][]::new);
    Textbook textbook = new Textbook(update, parameters);
    PanelSquares squares = PanelSquares.of(NETWORK.layout());
    for (int step = 0; step < STEPS; step++) {
      float[] gradient = draw(random, 1f);
      textbook.step(gradient);
      NodeSum sum = new NodeSum(0, gradient, 1, EXAMPLES, 10, NodeSum.NO_COUNTS);
      for (Measure measure : stepEnd.measures()) {
        stepEnd.measure(
            measure, step, sum, NETWORK.layout().slices(), gradient, parameters, slots, squares);
      }
      boolean isFinite =
          stepEnd.update(
              step, sum, NETWORK.layout().slices(), gradient, parameters, slots, squares);
      assertThat(stepEnd.record(step, sum, squares, isFinite).gradNorm())
          .isCloseTo(textbook.norm, within(1e-4));
    }
    textbook.assertClose(parameters, slots);
    return parameters;
  }

  private static float[] draw(SplittableRandom random, float size) {
    float[] vector = new float[NETWORK.layout().length()];
    for (ParameterTensor tensor : NETWORK.layout().tensors()) {
      float[] values = new float[tensor.size()];
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) (size * random.nextGaussian());
      }
      tensor.fromFileOrder(values, vector);
    }
    return vector;
  }

  /** The same in double, one tensor at a time: weights [O, I], biases [O]. */
  private static final class Textbook {
    final Update update;
    final List<double[]> p = new ArrayList<>();
    final List<double[]> v = new ArrayList<>();
    final List<double[]> average = new ArrayList<>();
    double norm;

    Textbook(Update update, float[] parameters) {
      this.update = update;
      for (ParameterTensor tensor : NETWORK.layout().tensors()) {
        p.add(doubles(tensor.toFileOrder(parameters), 1));
        average.add(doubles(tensor.toFileOrder(parameters), 1));
        v.add(new double[tensor.size()]);
      }
    }

    private static double[] doubles(float[] values, double share) {
      double[] doubles = new double[values.length];
      for (int i = 0; i < values.length; i++) {
        doubles[i] = values[i] * share;
      }
      return doubles;
    }

    private static double squares(double[] values, int from, int to) {
      double sum = 0;
      for (int i = from; i < to; i++) {
        sum += values[i] * values[i];
      }
      return sum;
    }

    void step(float[] sums) {
      List<double[]> g = new ArrayList<>();
      double all = 0;
      for (ParameterTensor tensor : NETWORK.layout().tensors()) {
        double[] mean = doubles(tensor.toFileOrder(sums), 1 / EXAMPLES);
        g.add(mean);
        all += squares(mean, 0, mean.length);
      }
      norm = Math.sqrt(all);
      for (int k = 0; k < g.size(); k++) {
        boolean isWeight = k % 2 == 0;
        int first = k - k % 2;
        double ofLayer =
            Math.sqrt(
                squares(g.get(first), 0, g.get(first).length)
                    + squares(g.get(first + 1), 0, g.get(first + 1).length));
        for (int i = 0; i < p.get(k).length; i++) {
          double clipped = clip(g.get(k)[i], ofLayer);
          move(k, i, isWeight, clipped);
        }
        if (isWeight && update.penalties().maxNorm() > 0) {
          boundRows(p.get(k), NETWORK.layout().tensors().get(k).shape().rows());
        }
        for (int i = 0; i < p.get(k).length; i++) {
          double d = update.averageDecay();
          average.get(k)[i] = d * average.get(k)[i] + (1 - d) * p.get(k)[i];
        }
      }
    }

    private double clip(double g, double ofLayer) {
      double bound = update.clipping().bound();
      return switch (update.clipping().mode()) {
        case NONE -> g;
        case VALUE -> Math.max(-bound, Math.min(bound, g));
        case NORM -> g * Math.min(1, bound / ofLayer);
        case GLOBAL_NORM -> g * Math.min(1, bound / norm);
      };
    }

    private void move(int k, int i, boolean isWeight, double g) {
      double w = p.get(k)[i];
      if (isWeight) {
        Penalties penalties = update.penalties();
        g += penalties.l2() * w + penalties.l1() * Math.signum(w);
        w *= 1 - RATE * penalties.weightDecay();
      }
      v.get(k)[i] = MOMENTUM * v.get(k)[i] + g;
      p.get(k)[i] = w - RATE * v.get(k)[i];
    }

    /** Each row of [O, I] holds the weights into a unit. */
    private void boundRows(double[] weights, int inputs) {
      double bound = update.penalties().maxNorm();
      for (int from = 0; from < weights.length; from += inputs) {
        double length = Math.sqrt(squares(weights, from, from + inputs));
        for (int i = from; length > bound && i < from + inputs; i++) {
          weights[i] *= bound / length;
        }
      }
    }

    void assertClose(float[] parameters, float[][] slots) {
      for (int k = 0; k < p.size(); k++) {
        ParameterTensor tensor = NETWORK.layout().tensors().get(k);
        assertClose(tensor.name(), tensor.toFileOrder(parameters), p.get(k));
        if (update.hasAverage()) {
          assertClose("average", tensor.toFileOrder(slots[1]), average.get(k));
        }
      }
    }

    private static void assertClose(String what, float[] actual, double[] expected) {
      for (int i = 0; i < actual.length; i++) {
        assertThat((double) actual[i]).as("%s[%s]", what, i).isCloseTo(expected[i], within(2e-6));
      }
    }
  }
}
