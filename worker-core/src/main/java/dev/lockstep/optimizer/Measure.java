package dev.lockstep.optimizer;

/** Norms that an update depends on: sums of squares by panel, which all owners must gather. */
public enum Measure {
  /** Of the mean gradient: clipping. */
  GRADIENT,
  /** Of the parameters and of the direction of each layer: {@link LayerwiseOptimizer}. */
  LAYERS
}
