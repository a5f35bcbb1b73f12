package dev.lockstep.optimizer;

/**
 * An optimiser that scales the rate of each layer by a ratio of two norms: that of the layer's
 * parameters and that of the direction in which they are to go. A layer is one matrix of
 * parameters, with the biases that belong to it.
 *
 * <p>It works in two passes: {@link #direct} over all elements, then, with the norms known, {@link
 * #update} at the rate times {@link #trust}.
 */
public interface LayerwiseOptimizer extends Optimizer {
  /**
   * Makes directions of gradients over [from, to), element by element.
   *
   * @param t number of this update, from 1
   * @param p parameters, not changed
   * @param g mean gradient, clipped and with penalties; becomes the direction
   * @param slots as many vectors as {@link #slots} names; what directions depend on is overwritten
   */
  void direct(long t, float[] p, float[] g, float[][] slots, int from, int to);

  /**
   * What the rate of a layer is multiplied by.
   *
   * @param parameters Euclidean norm of the layer's parameters before the update
   * @param direction that of its direction
   */
  double trust(double parameters, double direction);

  /**
   * One update over [from, to) along the direction.
   *
   * @param rate learning rate, times the layer's trust
   * @param g the direction
   */
  @Override
  void update(long t, float rate, float[] p, float[] g, float[][] slots, int from, int to);
}
