package dev.lockstep.gradient;

import java.io.Serializable;

/**
 * What the shards of a node give to a step: sums, with the count that they are later divided by,
 * once.
 *
 * @param gradient sum of the examples' gradients in panel order (of all parameters, or of a slice);
 *     of length 0 if the node is empty
 * @param loss sum of the examples' losses
 * @param examples how many there were; 0 if the node is empty
 */
public record NodeSum(float[] gradient, double loss, long examples) implements Serializable {
  /** What a node without an example gives: merging with it changes no bit. */
  public static final NodeSum EMPTY = new NodeSum(new float[0], 0, 0);

  public boolean isEmpty() {
    return examples == 0;
  }

  /** The sum of this node and its right sibling over [from, to); this gradient is overwritten. */
  public NodeSum plus(NodeSum right, int from, int to) {
    if (right.isEmpty()) {
      return this;
    }
    if (isEmpty()) {
      return right;
    }
    float[] a = gradient;
    float[] b = right.gradient;
    for (int i = from; i < to; i++) {
      a[i] = a[i] + b[i];
    }
    return new NodeSum(a, loss + right.loss, examples + right.examples);
  }
}
