package dev.lockstep.watch;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BinaryOperator;

/**
 * A series of bounded length, however long what it tells of: once it is full, neighbours become one
 * and so does every pair that follows, with a twofold stride. The newest is always there.
 *
 * @param <T> immutable items
 */
public final class Thinned<T> {
  private final int capacity;
  private final BinaryOperator<T> merge;
  private final List<T> items = new ArrayList<>();

  /** How many of what was added the last item stands for. */
  private int inLast;

  private int stride = 1;

  /**
   * An empty series.
   *
   * @param capacity even, at least 2
   * @param merge what two neighbours, in their order, become
   */
  public Thinned(int capacity, BinaryOperator<T> merge) {
    if (capacity < 2 || capacity % 2 != 0) {
      throw new IllegalArgumentException("capacity %d: want an even number".formatted(capacity));
    }
    this.capacity = capacity;
    this.merge = merge;
  }

  /** A series in which the later one of two neighbours stays. */
  public static <T> Thinned<T> sampled(int capacity) {
    return new Thinned<>(capacity, (earlier, later) -> later);
  }

  /** Adds the newest. */
  public void add(T item) {
    int last = items.size() - 1;
    if (last >= 0 && inLast < stride) {
      items.set(last, merge.apply(items.get(last), item));
      inLast++;
      return;
    }
    if (items.size() == capacity) {
      halve();
    }
    items.add(item);
    inLast = 1;
  }

  private void halve() {
    List<T> pairs = new ArrayList<>(capacity);
    for (int i = 0; i < items.size(); i += 2) {
      pairs.add(merge.apply(items.get(i), items.get(i + 1)));
    }
    items.clear();
    items.addAll(pairs);
    stride *= 2;
  }

  /** What is there, in order. */
  public List<T> items() {
    return List.copyOf(items);
  }

  /** Whether nothing was added. */
  public boolean isEmpty() {
    return items.isEmpty();
  }

  /** Forgets everything. */
  public void clear() {
    items.clear();
    inLast = 0;
    stride = 1;
  }
}
