package dev.lockstep.loss;

import dev.lockstep.kernel.Kernels;
import dev.lockstep.kernel.Panels;
import java.io.Serializable;

/** A loss of each row's outputs against its target, and its gradient. */
public interface Loss extends Serializable {
  /** The name in configurations. */
  String name();

  /**
   * Computes losses and their gradients.
   *
   * @param kernels the arithmetic
   * @param rows B
   * @param y outputs of the network, y[B,C]
   * @param targets class of each row, [B], 0 to C-1
   * @param losses loss of each row, [B], overwritten
   * @param dy gradient of each row's loss with respect to its outputs, dy[B,C], overwritten,
   *     padding +0
   */
  void lossAndGradient(
      Kernels kernels, int rows, Panels y, int[] targets, float[] losses, Panels dy);

  /** Computes losses alone; the same bits. */
  void loss(int rows, Panels y, int[] targets, float[] losses);
}
