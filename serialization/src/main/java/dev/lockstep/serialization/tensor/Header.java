package dev.lockstep.serialization.tensor;

import java.util.List;
import java.util.Map;

/**
 * The header of a safetensors file.
 *
 * @param metadata text by key
 * @param entries where each tensor lies
 */
record Header(Map<String, String> metadata, List<Entry> entries) {
  /** The most bytes that the format allows a header. */
  static final int MAX_BYTES = 100_000_000;

  /** The fewest: an empty JSON object. */
  static final int MIN_BYTES = 2;

  /** The dtype of float32, the only one in use here. */
  static final String F32 = "F32";

  /**
   * A tensor whose bytes are {@code [begin, end)} of the data.
   *
   * @param name its name
   * @param shape its dimensions
   * @param begin its first byte
   * @param end one after its last byte
   */
  record Entry(String name, List<Integer> shape, long begin, long end) {}
}
