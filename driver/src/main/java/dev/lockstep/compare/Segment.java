package dev.lockstep.compare;

import dev.lockstep.serialization.model.Model;

/**
 * The straight line through two solutions, {@code theta(a) = (1 - a) first + a second} (Goodfellow,
 * Vinyals and Saxe 2015, "Qualitatively characterizing neural network optimization problems",
 * section 3; between a small-batch and a large-batch solution: Keskar et al. 2017, section 2.2.1).
 *
 * @param first the solution at a = 0
 * @param second that at a = 1
 */
public record Segment(Model first, Model second) {
  public Segment {
    if (!first.layers().equals(second.layers()) || first.inputs() != second.inputs()) {
      throw new IllegalArgumentException(
          "%d inputs to %s and %d inputs to %s: want two models of one network"
              .formatted(first.inputs(), first.layers(), second.inputs(), second.layers()));
    }
    if (!first.loss().equals(second.loss()) || first.element() != second.element()) {
      throw new IllegalArgumentException(
          "%s and %s: want two models of one loss over one kind of data"
              .formatted(first.loss(), second.loss()));
    }
    if (!first.normalize().equals(second.normalize())) {
      throw new IllegalArgumentException(
          "their inputs are normalised differently: want two models that see the same inputs");
    }
  }

  /** The parameters at a, in panel order; those of the models, in bits, at 0 and 1. */
  public float[] at(double a) {
    float[] from = first.parameters();
    float[] to = second.parameters();
    float[] between = new float[from.length];
    for (int i = 0; i < between.length; i++) {
      between[i] = (float) ((1 - a) * from[i] + a * to[i]);
    }
    return between;
  }

  /** Euclidean distance of the solutions. */
  public double length() {
    double squares = 0;
    for (int i = 0; i < first.parameters().length; i++) {
      double difference = (double) first.parameters()[i] - second.parameters()[i];
      squares += difference * difference;
    }
    return Math.sqrt(squares);
  }
}
