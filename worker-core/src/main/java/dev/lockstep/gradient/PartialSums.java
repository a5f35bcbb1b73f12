package dev.lockstep.gradient;

import java.io.Serializable;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Sums of some nodes of the canonical tree, over a range of panel order: a commutative monoid under
 * {@link #merge}.
 *
 * <p>Two siblings become their parent as soon as both are there, whichever came first, and always
 * as left + right. So any grouping and any order of arrival end with the same bits. Owners of
 * disjoint ranges may merge the same nodes side by side: each writes to its own range only.
 */
public final class PartialSums implements Serializable {
  private static final long serialVersionUID = 1;

  private final int shards;
  private final int from;
  private final int to;
  private final TreeMap<Node, NodeSum> nodes = new TreeMap<>();

  /** No node yet of the tree over V shards, for the places [from, to) of panel order. */
  public PartialSums(int shards, int from, int to) {
    this.shards = shards;
    this.from = from;
    this.to = to;
  }

  /**
   * Adds a node; merging may overwrite its gradient within the range.
   *
   * @throws IllegalStateException if the node is there already
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
      add(node.parent(), left.plus(right, from, to));
    } else if (nodes.put(node, sum) != null) {
      throw new IllegalStateException(node + " was summed twice");
    }
  }

  /** Adds some nodes. */
  public void addAll(Map<Node, NodeSum> sums) {
    sums.forEach(this::add);
  }

  /** Adds all nodes of another over the same range; both are consumed. Returns this. */
  public PartialSums merge(PartialSums other) {
    addAll(other.nodes);
    return this;
  }

  /** The nodes that have no sibling yet. */
  public SortedMap<Node, NodeSum> nodes() {
    return Collections.unmodifiableSortedMap(nodes);
  }

  /** A copy for the places [from, to), with arrays of its own. */
  public PartialSums copyOf(int from, int to) {
    PartialSums copy = new PartialSums(shards, from, to);
    nodes.forEach((node, sum) -> copy.add(node, sum.copyOf(from, to)));
    return copy;
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
}
