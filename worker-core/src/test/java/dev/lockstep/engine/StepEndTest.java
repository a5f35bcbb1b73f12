package dev.lockstep.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.data.BatchPlan;
import dev.lockstep.fixture.Bits;
import dev.lockstep.fixture.KernelWidths;
import dev.lockstep.gradient.NodeSum;
import dev.lockstep.kernel.Kernels;
import dev.lockstep.kernel.Panels;
import dev.lockstep.loss.SoftmaxCrossEntropy;
import dev.lockstep.network.NetworkParser;
import dev.lockstep.network.ParameterLayout;
import dev.lockstep.network.Slice;
import dev.lockstep.optimizer.Adam;
import dev.lockstep.optimizer.Momentum;
import dev.lockstep.optimizer.Optimizer;
import dev.lockstep.optimizer.Sgd;
import dev.lockstep.schedule.Constant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class StepEndTest {
  private static final Kernels KERNELS = KernelWidths.all().get(0);
  private static final Optimizer ADAM = new Adam(0.9f, 0.999f, 1e-8f);

  private final SplittableRandom random = new SplittableRandom(7);

  private static Training training(Optimizer optimizer, double rate) {
    return new Training(
        NetworkParser.parse(300, List.of("dense 90 relu", "dense 10")),
        new SoftmaxCrossEntropy(),
        optimizer,
        new Constant(rate),
        new BatchPlan(1000, 100, 4, 0, true));
  }

  private float[] draw(int length) {
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = random.nextFloat(-1f, 1f);
    }
    return values;
  }

  @Test
  void slicesInAnyOrderGiveTheBitsOfAllAtOnce() {
    Training training = training(ADAM, 0.1);
    ParameterLayout layout = training.network().layout();
    assertThat(layout.slices()).hasSizeGreaterThan(2);
    StepEnd stepEnd = new StepEnd(training, Decisions.NONE, KERNELS);
    float[] gradient = draw(layout.length());
    float[] parameters = draw(layout.length());
    float[][] slots = {draw(layout.length()), new float[layout.length()]};
    PanelSquares squares = PanelSquares.of(layout);

    float[] gradientByOne = gradient.clone();
    float[] parametersByOne = parameters.clone();
    float[][] slotsByOne = {slots[0].clone(), slots[1].clone()};
    PanelSquares squaresByOne = PanelSquares.of(layout);

    stepEnd.update(9, total(1), layout.slices(), gradient, parameters, slots, squares);
    List<Slice> backwards = new ArrayList<>(layout.slices());
    Collections.reverse(backwards);
    for (Slice slice : backwards) {
      stepEnd.update(
          9, total(1), List.of(slice), gradientByOne, parametersByOne, slotsByOne, squaresByOne);
    }
    Bits.assertSame("gradient", gradientByOne, gradient);
    Bits.assertSame("parameters", parametersByOne, parameters);
    Bits.assertSame("first moment", slotsByOne[0], slots[0]);
    Bits.assertSame("second moment", slotsByOne[1], slots[1]);
    assertThat(squaresByOne.gradients()).isEqualTo(squares.gradients());
    assertThat(squaresByOne.updates()).isEqualTo(squares.updates());
  }

  @Test
  void sumsBecomeMeansAndPanelsTheirSquares() {
    Training training = training(new Sgd(), 0.5);
    ParameterLayout layout = training.network().layout();
    float[] gradient = new float[layout.length()];
    Arrays.fill(gradient, 8f);
    float[] parameters = new float[layout.length()];
    PanelSquares squares = PanelSquares.of(layout);
    assertThat(update(training, 4, gradient, parameters, new float[0][], squares)).isTrue();
    for (int i = Panels.START; i < gradient.length; i++) {
      assertThat(gradient[i]).isEqualTo(2f);
      assertThat(parameters[i]).isEqualTo(-1f);
    }
    for (int p = 0; p < layout.panels(); p++) {
      assertThat(squares.gradients()[p]).isEqualTo(4.0 * 32 * layout.panelRows(p));
    }
  }

  /** A gradient whose square overflows: Adam then stands still, and only the slot tells. */
  @Test
  void aSlotThatOverflowsIsNoticedThoughTheParametersAreFinite() {
    Training training = training(ADAM, 0.1);
    int length = training.network().layout().length();
    for (int at : new int[] {Panels.START, length / 2, length - 1}) {
      float[] gradient = new float[length];
      gradient[at] = 1e25f;
      float[] parameters = draw(length);
      float[] before = parameters.clone();
      float[][] slots = {new float[length], new float[length]};
      assertThat(update(training, 100, gradient, parameters, slots)).as("slot at %s", at).isFalse();
      assertThat(slots[1][at]).isInfinite();
      Bits.assertSame("parameters", parameters, before);
    }
  }

  @Test
  void aVelocityThatOverflowsIsNoticed() {
    Training training = training(new Momentum(0.9f, false), 1e-30);
    int length = training.network().layout().length();
    float[][] slots = {new float[length]};
    slots[0][length - 1] = -Float.MAX_VALUE;
    float[] gradient = new float[length];
    gradient[length - 1] = -Float.MAX_VALUE;
    assertThat(update(training, 1, gradient, draw(length), slots)).isFalse();
  }

  @Test
  void aParameterThatOverflowsIsNoticed() {
    Training training = training(new Sgd(), 1e30);
    int length = training.network().layout().length();
    float[] gradient = new float[length];
    gradient[17] = 1e10f;
    assertThat(update(training, 1, gradient, draw(length), new float[0][])).isFalse();
    gradient[17] = 1e-10f;
    assertThat(update(training, 1, gradient, draw(length), new float[0][])).isTrue();
  }

  private static boolean update(
      Training training, long examples, float[] gradient, float[] parameters, float[][] slots) {
    PanelSquares squares = PanelSquares.of(training.network().layout());
    return update(training, examples, gradient, parameters, slots, squares);
  }

  private static boolean update(
      Training training,
      long examples,
      float[] gradient,
      float[] parameters,
      float[][] slots,
      PanelSquares squares) {
    return new StepEnd(training, Decisions.NONE, KERNELS)
        .update(
            0,
            new NodeSum(0, new float[0], 1, examples),
            training.network().layout().slices(),
            gradient,
            parameters,
            slots,
            squares);
  }

  @Test
  void aRecordThatIsNotFiniteSaysWhat() {
    StepEnd stepEnd = new StepEnd(training(ADAM, 0.25), Decisions.NONE, KERNELS);
    PanelSquares fine = squares(3, 1);
    assertThat(stepEnd.record(12, total(50), fine, true))
        .isEqualTo(new StepRecord(13, 2, 100, 0.5, 0.25, 2));
    assertThatThrownBy(() -> stepEnd.record(12, total(Double.NaN), fine, true))
        .isInstanceOf(DivergedException.class)
        .hasMessage(
            "training diverged at step 13 of epoch 2: the loss is NaN;"
                + " try a lower learning rate than 0.25");
    assertThatThrownBy(() -> stepEnd.record(12, total(50), squares(Double.POSITIVE_INFINITY), true))
        .isInstanceOf(DivergedException.class)
        .hasMessageContaining("the norm of the gradient is Infinity");
    assertThatThrownBy(() -> stepEnd.record(12, total(50), fine, false))
        .isInstanceOf(DivergedException.class)
        .hasMessageContaining("a parameter or a slot of the optimiser is not finite");
  }

  private static PanelSquares squares(double... gradients) {
    int panels = gradients.length;
    return new PanelSquares(gradients, new double[panels], new double[panels], new double[panels]);
  }

  private static NodeSum total(double loss) {
    return new NodeSum(0, new float[0], loss, 100);
  }
}
