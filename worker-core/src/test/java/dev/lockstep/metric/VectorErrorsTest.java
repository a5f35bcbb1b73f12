package dev.lockstep.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import dev.lockstep.kernel.Panels;
import dev.lockstep.loss.MeanSquaredError;
import dev.lockstep.loss.Targets;
import org.junit.jupiter.api.Test;

class VectorErrorsTest {
  private static VectorErrors errors(float[] y, float[] t) {
    VectorErrorsSoFar errors = new VectorErrorsSoFar(1);
    for (int r = 0; r < y.length; r++) {
      errors.add(new MeanSquaredError(), column(y[r]), Targets.ofValues(column(t[r])), 0);
    }
    return errors.errors();
  }

  private static Panels column(float value) {
    Panels panels = Panels.allocate(1, 1);
    panels.set(0, 0, value);
    return panels;
  }

  /** The example of scikit-learn's own pages for these three: 0.375, 0.5 and 0.9486. */
  @Test
  void knownValues() {
    VectorErrors errors = errors(new float[] {2.5f, 0, 2, 8}, new float[] {3, -0.5f, 2, 7});
    assertThat(errors.meanSquaredError()).isEqualTo(0.375);
    assertThat(errors.meanAbsoluteError()).isEqualTo(0.5);
    assertThat(errors.r2()).isCloseTo(0.948608137, withinPercentage(1e-6));
  }

  @Test
  void targetsThatAreAllEqual() {
    assertThat(errors(new float[] {3, 3}, new float[] {3, 3}).r2()).isEqualTo(1);
    assertThat(errors(new float[] {3, 4}, new float[] {3, 3}).r2()).isZero();
  }

  /** A sum of squares less the square of a sum would leave nothing of it. */
  @Test
  void aSmallSpreadFarFromZeroIsNotLost() {
    float far = 1 << 23;
    float[] t = {far, far + 1, far + 2, far + 3};
    VectorErrors whole = errors(t, t);
    assertThat(whole.spreads().get(0)).isEqualTo(5);
    VectorErrors parts =
        errors(new float[] {far}, new float[] {far})
            .plus(VectorErrors.NONE)
            .plus(
                errors(
                    new float[] {far + 1, far + 2, far + 3},
                    new float[] {far + 1, far + 2, far + 3}));
    assertThat(parts.spreads().get(0)).isEqualTo(5);
    assertThat(parts.means().get(0)).isEqualTo(far + 1.5);
  }
}
