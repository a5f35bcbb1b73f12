package dev.lockstep.data;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongPredicate;

/** Five images of 2x3 whose bytes count upwards, and their labels 0 to 4. */
final class TinyIdx {
  static final int IMAGES = 0x803;
  static final int LABELS = 0x801;

  static final byte[] FIVE_IMAGES = StoredBytes.idx(30, IMAGES, 5, 2, 3);

  static final byte[] FIVE_LABELS = StoredBytes.idx(5, LABELS, 5);

  private TinyIdx() {}

  static IdxSource open(byte[] images, byte[] labels) throws IOException {
    return IdxSource.open(
        "tiny", new StoredBytes("images", images), new StoredBytes("labels", labels));
  }

  /** Each example as {@code index:first pixel:label}. */
  static List<String> read(ExampleSource source, LongPredicate wanted) throws IOException {
    List<String> examples = new ArrayList<>();
    source.read(
        wanted,
        (index, pixels, offset, label) ->
            examples.add(index + ":" + Byte.toUnsignedInt(pixels.get(offset)) + ":" + label));
    return examples;
  }
}
