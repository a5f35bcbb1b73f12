package dev.lockstep.loss;

import dev.lockstep.kernel.Kernels;
import dev.lockstep.kernel.Panels;
import java.io.Serializable;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * A loss of each row's outputs against its target, and its gradient. A row does not know the
 * others, and weights are applied by whoever asks: to losses and gradients alike. A mean over rows
 * is the weighted sum over the sum of weights, as PyTorch's weighted mean is.
 */
public interface Loss extends Serializable {
  /** The name in configurations. */
  String name();

  /**
   * What it was told: the value of each of its kind's settings by name, a Double, Integer, Boolean,
   * String or list of Double. The kind makes the same loss of them again.
   */
  default Map<String, Object> settings() {
    return Map.of();
  }

  /**
   * Checks that a network may end in so many outputs.
   *
   * @throws IllegalArgumentException saying how many there must be
   */
  default void checkOutputs(int outputs) {
    int weights = classWeights().size();
    if (weights > 0 && weights != classes(outputs)) {
      throw new IllegalArgumentException(
          "class-weights = %s: want %d, one for each class, or none"
              .formatted(classWeights(), classes(outputs)));
    }
  }

  /** Classes that so many outputs tell apart: one output says yes or no. */
  default int classes(int outputs) {
    return outputs == 1 ? 2 : outputs;
  }

  /** With one output: above this it says class 1, otherwise 0. */
  default float threshold() {
    return 0f;
  }

  /** A weight for each class, which goes with that of the example; empty if all are 1. */
  default List<Double> classWeights() {
    return List.of();
  }

  /**
   * Computes losses and their gradients, without weights.
   *
   * @param kernels the arithmetic
   * @param rows B
   * @param y outputs of the network, y[B,O]
   * @param targets of each row; classes from 0 to {@link #classes} - 1
   * @param losses loss of each row, [B], overwritten
   * @param dy gradient of each row's loss with respect to its outputs, dy[B,O], overwritten,
   *     padding +0
   */
  void lossAndGradient(
      Kernels kernels, int rows, Panels y, Targets targets, float[] losses, Panels dy);

  /**
   * The formula itself for one row, in double: what gradient checks and tests hold {@link
   * #lossAndGradient} against.
   *
   * @param y y[O]
   * @param target t[O]; of a class, what {@link Targets#exact} makes of it
   */
  double exact(double[] y, double[] target);

  /** The weight of a row: that of its example, times that of its class. */
  default float weight(Targets targets, int row) {
    List<Double> ofClasses = classWeights();
    float weight = targets.weight(row);
    return ofClasses.isEmpty() ? weight : weight * ofClasses.get(targets.classOf(row)).floatValue();
  }

  /** The class that outputs speak for: the largest, the first of equals. */
  default int predicted(Panels y, int row) {
    if (y.columns() == 1) {
      return y.get(row, 0) > threshold() ? 1 : 0;
    }
    int best = 0;
    for (int c = 1; c < y.columns(); c++) {
      if (y.get(row, c) > y.get(row, best)) {
        best = c;
      }
    }
    return best;
  }

  /**
   * Minus the natural logarithm of the probability that outputs give to a class; empty if they give
   * none.
   */
  default OptionalDouble surprise(Panels y, int row, int ofClass) {
    return OptionalDouble.empty();
  }

  /**
   * Whether so many outputs estimate the elements of a target vector one by one; otherwise a vector
   * is a class in another form, that of its largest element.
   */
  default boolean estimatesVectors(int outputs) {
    return false;
  }

  /** What an output says of its element of a target vector. */
  default float estimate(float output) {
    return output;
  }
}
