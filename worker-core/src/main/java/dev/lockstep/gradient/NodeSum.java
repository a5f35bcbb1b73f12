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
 * @param loss sum of the examples' losses, times their weights
 * @param weight sum of the examples' weights
 * @param examples how many there were; 0 if the node is empty
 * @param counts what layers count for their health; of length 0 if they count nothing
 * @param norms of micro-batches among them, in steps that measure the noise of gradients
 */
public record NodeSum(
    int base,
    float[] gradient,
    double loss,
    double weight,
    long examples,
    int[] counts,
    MicroBatchNorms norms)
    implements Serializable {
  /** The counts of a network that keeps none. */
  public static final int[] NO_COUNTS = new int[0];

  /** What a node without an example gives: merging with it changes no bit. */
  public static final NodeSum EMPTY = new NodeSum(0, new float[0], 0, 0, 0, NO_COUNTS);

  /** Sums in which nothing of the noise is measured. */
  public NodeSum(
      int base, float[] gradient, double loss, double weight, long examples, int[] counts) {
    this(base, gradient, loss, weight, examples, counts, MicroBatchNorms.NONE);
  }

  /** Sums over examples of weight 1, of a network that counts nothing. */
  public NodeSum(int base, float[] gradient, double loss, long examples) {
    this(base, gradient, loss, (double) examples, examples, NO_COUNTS);
  }

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
    return new NodeSum(
        base,
        gradient,
        loss + right.loss,
        weight + right.weight,
        examples + right.examples,
        sum(counts, right.counts),
        norms.plus(right.norms));
  }

  /** A new array: others may be merging the same nodes for other places. */
  private static int[] sum(int[] a, int[] b) {
    if (a.length == 0) {
      return b;
    }
    int[] sum = a.clone();
    for (int i = 0; i < b.length; i++) {
      sum[i] += b[i];
    }
    return sum;
  }

  /** These sums with the gradient elsewhere. */
  public NodeSum withGradient(int base, float[] gradient) {
    return new NodeSum(base, gradient, loss, weight, examples, counts, norms);
  }

  /** These sums with what is known of their micro-batches. */
  NodeSum withNorms(MicroBatchNorms norms) {
    return new NodeSum(base, gradient, loss, weight, examples, counts, norms);
  }

  /** A copy of the places [from, to) alone. */
  public NodeSum copyOf(int from, int to) {
    return isEmpty()
        ? this
        : withGradient(from, Arrays.copyOfRange(gradient, from - base, to - base));
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
