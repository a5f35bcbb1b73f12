package dev.lockstep.plan;

import java.util.List;

/**
 * What a JVM holds at the same time.
 *
 * @param heap what its heap is made of
 * @param outside what it holds outside its heap, which cluster managers count too
 */
public record Needs(List<Item> heap, List<Item> outside) {
  public Needs {
    heap = heap.stream().filter(item -> item.bytes() > 0).toList();
    outside = outside.stream().filter(item -> item.bytes() > 0).toList();
  }

  /**
   * A part.
   *
   * @param what in a few words
   * @param bytes its size
   */
  public record Item(String what, long bytes) {}

  /** All of the heap, in bytes. */
  public long heapBytes() {
    return sum(heap);
  }

  /** All outside the heap, in bytes. */
  public long outsideBytes() {
    return sum(outside);
  }

  private static long sum(List<Item> items) {
    return items.stream().mapToLong(Item::bytes).sum();
  }
}
