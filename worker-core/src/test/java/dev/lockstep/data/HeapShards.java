package dev.lockstep.data;

import dev.lockstep.data.ExampleFormat.Element;

/** Shards out of their parts. */
public final class HeapShards {
  private HeapShards() {}

  /**
   * Bytes with targets or classes, and weights.
   *
   * @param pixels {@code pixels[items, I]}
   * @param labels class of each item; of length 0 where targets are vectors
   * @param targets {@code targets[items, O]}; of length 0 where targets are classes
   * @param weights weight of each item's loss; of length 0 where all are 1
   */
  public static HeapShard of(
      int index, int features, byte[] pixels, int[] labels, float[] targets, float[] weights) {
    int items = pixels.length / features;
    ExampleFormat format =
        new ExampleFormat(
            features, Element.BYTE, items == 0 ? 0 : targets.length / items, weights.length > 0);
    byte[] bytes = new byte[items * format.bytes()];
    for (int item = 0; item < items; item++) {
      int at = item * format.bytes();
      System.arraycopy(pixels, item * features, bytes, at, features);
      for (int o = 0; o < format.targets(); o++) {
        format.setTarget(bytes, at, o, targets[item * format.targets() + o]);
      }
      if (format.isWeighted()) {
        format.setWeight(bytes, at, weights[item]);
      }
    }
    return new HeapShard(index, format, bytes, labels);
  }
}
