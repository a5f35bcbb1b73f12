package dev.lockstep.loss;

import dev.lockstep.kernel.Panels;

/**
 * What the rows of a block should give: a class each, or a vector each; scratch that is filled anew
 * for every block.
 *
 * @param classes class of each row, [B], from 0; null where targets are vectors
 * @param values target of each row, t[B,O]; null where targets are classes
 * @param weights weight of each row's loss, [B], 0 or more; null where all are 1
 */
public record Targets(int[] classes, Panels values, float[] weights) {
  /** Classes of equal weight. */
  public static Targets ofClasses(int... classes) {
    return new Targets(classes, null, null);
  }

  /** Vectors of equal weight: real numbers, probabilities, or one-hot. */
  public static Targets ofValues(Panels values) {
    return new Targets(null, values, null);
  }

  /** These targets with weights. */
  public Targets withWeights(float[] weights) {
    return new Targets(classes, values, weights);
  }

  /**
   * The class of a row: of a vector the place of its largest element, the first of equals; of a
   * single number 1 if it is above one half, otherwise 0.
   */
  public int classOf(int row) {
    if (classes != null) {
      return classes[row];
    }
    if (values.columns() == 1) {
      return values.get(row, 0) > 0.5f ? 1 : 0;
    }
    int best = 0;
    for (int c = 1; c < values.columns(); c++) {
      best = values.get(row, c) > values.get(row, best) ? c : best;
    }
    return best;
  }

  /**
   * What output o of O should be: of a class, 1 for its own output and 0 for others; of a network
   * with one output, the class itself.
   */
  public float value(int row, int output, int outputs) {
    if (classes == null) {
      return values.get(row, output);
    }
    return outputs == 1 ? classes[row] : classes[row] == output ? 1f : 0f;
  }

  /** The weight of a row. */
  public float weight(int row) {
    return weights == null ? 1f : weights[row];
  }

  /** The target of a row as a vector t[O], in double. */
  public double[] exact(int row, int outputs) {
    double[] target = new double[outputs];
    for (int o = 0; o < outputs; o++) {
      target[o] = value(row, o, outputs);
    }
    return target;
  }
}
