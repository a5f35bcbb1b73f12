package dev.lockstep.gradient;

import java.io.Serializable;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Sums of some nodes of the canonical tree: a commutative monoid under {@link #merge}.
 *
 * <p>Two siblings become their parent as soon as both are there, whichever came first, and always
 * as left + right. So any grouping and any order of arrival end with the same bits.
 */
public final class PartialSums implements Serializable {
  private static final long serialVersionUID = 1;

  private final int shards;
  private final TreeMap<Node, NodeSum> nodes = new TreeMap<>();

  /** No node yet of the tree over V shards. */
  public PartialSums(int shards) {
    this.shards = shards;
  }

  /**
   * Adds a node; its gradient now belongs to this object, which may overwrite it.
   *
   * @throws IllegalStateException if a part of the node is there already
   */
  public void add(Node node, NodeSum sum) {
    if (!node.equals(Node.root(shards)) && node.sibling().from() >= shards) {
      add(node.parent(), sum);
      return;
    }
    NodeSum sibling = nodes.remove(node.sibling());
    if (sibling != null) {
      boolean isLeft = node.index() % 2 == 0;
      NodeSum left = isLeft ? sum : sibling;
      NodeSum right = isLeft ? sibling : sum;
      add(node.parent(), left.plus(right, 0, left.gradient().length));
    } else if (nodes.put(node, sum) != null) {
      throw new IllegalStateException(node + " was summed twice");
    }
  }

  /** Adds all nodes of another; both are consumed. Returns this. */
  public PartialSums merge(PartialSums other) {
    other.nodes.forEach(this::add);
    return this;
  }

  /** The nodes that have no sibling yet. */
  public SortedMap<Node, NodeSum> nodes() {
    return Collections.unmodifiableSortedMap(nodes);
  }

  /**
   * The sum over all shards.
   *
   * @throws IllegalStateException if a node is missing
   */
  public NodeSum total() {
    NodeSum total = nodes.get(Node.root(shards));
    if (total == null) {
      throw new IllegalStateException(
          "the sum over %d shards is incomplete; there is only %s"
              .formatted(shards, nodes.keySet()));
    }
    return total;
  }

  /**
   * Folds nodes that cover the tree, over [from, to) of their gradients only: owners of disjoint
   * ranges fold the same nodes side by side. The gradient of the lowest non-empty node receives the
   * sum.
   *
   * @param sums every node that some rank has summed
   */
  public static NodeSum fold(SortedMap<Node, NodeSum> sums, int shards, int from, int to) {
    return fold(Node.root(shards), sums, shards, from, to);
  }

  private static NodeSum fold(
      Node node, SortedMap<Node, NodeSum> sums, int shards, int from, int to) {
    if (node.from() >= shards) {
      return NodeSum.EMPTY;
    }
    NodeSum sum = sums.get(node);
    if (sum != null) {
      return sum;
    }
    if (node.level() == 0) {
      throw new IllegalStateException("no rank has summed shard " + node.from());
    }
    NodeSum left = fold(node.left(), sums, shards, from, to);
    NodeSum right = fold(node.right(), sums, shards, from, to);
    return left.plus(right, from, to);
  }
}
