package dev.lockstep.loss;

import dev.lockstep.kernel.Kernels;
import dev.lockstep.kernel.Panels;

/**
 * A loss that is the mean over outputs of one function of an output and its target. A class is the
 * vector that has 1 at its place and 0 elsewhere; with one output, the number 0 or 1.
 *
 * <p>Losses of a row are added in double, in ascending order of outputs.
 */
public interface ElementwiseLoss extends Loss {
  /** The loss of one output. */
  float loss(float y, float t);

  /** Its derivative with respect to y. */
  float derivative(float y, float t);

  /** The loss of one output, in double. */
  double exact(double y, double t);

  @Override
  default void lossAndGradient(
      Kernels kernels, int rows, Panels y, Targets targets, float[] losses, Panels dy) {
    int outputs = y.columns();
    for (int r = 0; r < rows; r++) {
      double sum = 0;
      for (int o = 0; o < outputs; o++) {
        float output = y.get(r, o);
        float target = targets.value(r, o, outputs);
        sum += loss(output, target);
        dy.set(r, o, derivative(output, target) / outputs);
      }
      losses[r] = (float) (sum / outputs);
    }
    dy.clearPadding(rows);
  }

  @Override
  default double exact(double[] y, double[] target) {
    double sum = 0;
    for (int o = 0; o < y.length; o++) {
      sum += exact(y[o], target[o]);
    }
    return sum / y.length;
  }
}
