package dev.lockstep.gradient;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * A node of the canonical tree over V shards: the perfect binary tree over the next power of two,
 * whose leaves from V on are empty. It covers the shards [index · 2^level, (index + 1) · 2^level)
 * below V.
 *
 * <p>Because an empty sum changes nothing, this is the tree in which a node over [lo, hi) splits at
 * lo plus the largest power of two below hi - lo.
 *
 * @param level 0 for a leaf
 * @param index place among the nodes of its level
 */
public record Node(int level, int index) implements Serializable, Comparable<Node> {
  /** The root of the tree over V shards. */
  public static Node root(int shards) {
    return new Node(shards == 1 ? 0 : Integer.SIZE - Integer.numberOfLeadingZeros(shards - 1), 0);
  }

  /** First shard. */
  public int from() {
    return index << level;
  }

  /** Behind the last shard. */
  public int to(int shards) {
    return (int) Math.min(shards, (index + 1L) << level);
  }

  public Node left() {
    return new Node(level - 1, 2 * index);
  }

  public Node right() {
    return new Node(level - 1, 2 * index + 1);
  }

  public Node parent() {
    return new Node(level + 1, index / 2);
  }

  public Node sibling() {
    return new Node(level, index ^ 1);
  }

  /** The fewest nodes that cover the shards [from, to), in ascending order. */
  public static List<Node> cover(int from, int to, int shards) {
    List<Node> nodes = new ArrayList<>();
    root(shards).cover(from, to, shards, nodes);
    return nodes;
  }

  private void cover(int from, int to, int shards, List<Node> nodes) {
    if (from() >= to || to(shards) <= from || from() >= shards) {
      return;
    }
    if (from <= from() && to(shards) <= to) {
      nodes.add(this);
      return;
    }
    left().cover(from, to, shards, nodes);
    right().cover(from, to, shards, nodes);
  }

  /** By first shard, then by level. */
  @Override
  public int compareTo(Node other) {
    int byShard = Integer.compare(from(), other.from());
    return byShard != 0 ? byShard : Integer.compare(level, other.level);
  }

  @Override
  public String toString() {
    return "node %d of level %d".formatted(index, level);
  }
}
