package dev.lockstep.metric;

import dev.lockstep.data.ExampleFormat;
import dev.lockstep.data.ExampleFormat.Element;
import dev.lockstep.data.Shard;
import java.util.Arrays;
import java.util.List;
import java.util.PriorityQueue;

/** The {@link WorstExample}s of a pass in the making: a heap with the least bad of them on top. */
final class WorstSoFar {
  private static final byte[] NONE = {};

  private final int most;
  private final PriorityQueue<WorstExample> kept =
      new PriorityQueue<>(WorstExample.ORDER.reversed());
  private final byte[] scratch;

  /** Of so many examples at the most. */
  WorstSoFar(int most, ExampleFormat format) {
    this.most = most;
    this.scratch = new byte[most == 0 ? 0 : format.bytes()];
  }

  void add(Shard shard, int item, int predicted, float loss) {
    if (most == 0 || (kept.size() == most && Float.compare(loss, kept.element().loss()) < 0)) {
      return;
    }
    int label = shard.label(item);
    kept.add(new WorstExample(shard.index(), item, label, predicted, loss, pixels(shard, item)));
    if (kept.size() > most) {
      kept.remove();
    }
  }

  private byte[] pixels(Shard shard, int item) {
    if (shard.format().element() != Element.BYTE || shard.features() > WorstExample.MOST_PIXELS) {
      return NONE;
    }
    byte[] bytes = shard.bytes(item, scratch);
    int from = shard.offset(item);
    return Arrays.copyOfRange(bytes, from, from + shard.features());
  }

  List<WorstExample> examples() {
    return kept.stream().sorted(WorstExample.ORDER).toList();
  }
}
