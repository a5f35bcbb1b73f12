package dev.lockstep.engine;

import dev.lockstep.network.ParameterLayout;
import java.util.Arrays;

/**
 * Sums of squares of each panel; scratch of a round.
 *
 * @param gradients of the mean gradient of the step
 * @param updates of the change of the parameters, in steps that end an epoch
 */
public record PanelSquares(double[] gradients, double[] updates) {
  /** Zeros. */
  public static PanelSquares of(ParameterLayout layout) {
    return new PanelSquares(new double[layout.panels()], new double[layout.panels()]);
  }

  /** The sum over all panels of the gradient, in their order. */
  double ofGradient() {
    return Arrays.stream(gradients).reduce(0, Double::sum);
  }
}
