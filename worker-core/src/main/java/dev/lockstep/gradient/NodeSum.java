package dev.lockstep.gradient;

import java.io.Serializable;
import java.util.Arrays;

/**
 * What the shards of a node give to a step: sums, with the count that they are later divided by,
 * once.
 *
 * @param base place in panel order of the gradient's first float
 * @param gradient sum of the examples' gradients, from {@code base} on; of length 0 if the node is
 *     empty
 * @param loss sum of the examples' losses
 * @param examples how many there were; 0 if the node is empty
 */
public record NodeSum(int base, float[] gradient, double loss, long examples)
    implements Serializable {
  /** What a node without an example gives: merging with it changes no bit. */
  public static final NodeSum EMPTY = new NodeSum(0, new float[0], 0, 0);

  public boolean isEmpty() {
    return examples == 0;
  }

  /**
   * The sum of this node and its right sibling, for the places [from, to) of panel order; this
   * gradient is overwritten.
   */
  public NodeSum plus(NodeSum right, int from, int to) {
    if (right.isEmpty()) {
      return this;
    }
    if (isEmpty()) {
      return right;
    }
    if (base == right.base) {
      add(gradient, right.gradient, from - base, to - base);
    } else {
      add(gradient, from - base, right.gradient, from - right.base, to - from);
    }
    return new NodeSum(base, gradient, loss + right.loss, examples + right.examples);
  }

  /** A copy of the places [from, to) alone. */
  public NodeSum copyOf(int from, int to) {
    return isEmpty()
        ? this
        : new NodeSum(from, Arrays.copyOfRange(gradient, from - base, to - base), loss, examples);
  }

  // One index for both arrays: the form that the compiler vectorises.
  private static void add(float[] a, float[] b, int from, int to) {
    for (int i = from; i < to; i++) {
      a[i] = a[i] + b[i];
    }
  }

  private static void add(float[] a, int aFrom, float[] b, int bFrom, int length) {
    for (int i = 0; i < length; i++) {
      a[aFrom + i] = a[aFrom + i] + b[bFrom + i];
    }
  }
}
