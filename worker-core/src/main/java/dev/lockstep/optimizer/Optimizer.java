package dev.lockstep.optimizer;

import java.io.Serializable;
import java.util.List;

/** A rule that moves parameters along a gradient, element by element. */
public interface Optimizer extends Serializable {
  /** The names of its slots: vectors like the parameters that begin at 0; may be none. */
  List<String> slots();

  /**
   * One update over [from, to).
   *
   * @param t number of this update, from 1
   * @param rate learning rate
   * @param p parameters, overwritten
   * @param g gradient: a mean over examples, not a sum
   * @param slots as many vectors as {@link #slots} names, overwritten
   */
  void update(long t, float rate, float[] p, float[] g, float[][] slots, int from, int to);
}
