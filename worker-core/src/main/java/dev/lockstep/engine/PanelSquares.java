package dev.lockstep.engine;

import dev.lockstep.network.ParameterLayout;
import dev.lockstep.optimizer.Measure;
import java.util.Arrays;
import java.util.List;

/**
 * Sums of squares of each panel; scratch of a round.
 *
 * @param gradients of the mean gradient of the step
 * @param parameters of the parameters before the update, where {@link Measure#LAYERS} is taken
 * @param directions of the directions, likewise
 * @param updates of the change of the parameters, in steps that end an epoch
 */
public record PanelSquares(
    double[] gradients, double[] parameters, double[] directions, double[] updates) {
  /** Zeros. */
  public static PanelSquares of(ParameterLayout layout) {
    return new PanelSquares(
        new double[layout.panels()],
        new double[layout.panels()],
        new double[layout.panels()],
        new double[layout.panels()]);
  }

  /** What a measure is about: what owners of panels tell the others. */
  public List<double[]> of(Measure measure) {
    return switch (measure) {
      case GRADIENT -> List.of(gradients);
      case LAYERS -> List.of(parameters, directions);
    };
  }

  /** The sum over all panels of the gradient, in their order. */
  double ofGradient() {
    return Arrays.stream(gradients).reduce(0, Double::sum);
  }
}
