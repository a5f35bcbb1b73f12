package dev.lockstep.data;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Records of a label (four bytes, big-endian) and an example's bytes, one after the other in a
 * file. A map holds less than 2 GB, so there are several, each of as many whole records as the one
 * before.
 */
final class MappedRecords {
  private static final int LABEL_BYTES = Integer.BYTES;
  private static final int MAX_MAP_BYTES = 1 << 30;

  private final int features;
  private final int recordsPerMap;
  private final ByteBuffer[] maps;

  private MappedRecords(int features, int recordsPerMap, ByteBuffer[] maps) {
    this.features = features;
    this.recordsPerMap = recordsPerMap;
    this.maps = maps;
  }

  /**
   * Maps a file that has been written.
   *
   * @param features I, bytes of an example
   * @param count how many records it has
   */
  static MappedRecords of(ScratchFile file, int features, long count) throws IOException {
    int bytes = bytes(features);
    int perMap = MAX_MAP_BYTES / bytes;
    ByteBuffer[] maps = new ByteBuffer[Math.toIntExact((count + perMap - 1) / perMap)];
    for (int m = 0; m < maps.length; m++) {
      long first = (long) m * perMap;
      maps[m] = file.map(first * bytes, (int) Math.min(perMap, count - first) * bytes);
    }
    return new MappedRecords(features, perMap, maps);
  }

  /** Bytes of a record. */
  static int bytes(int features) {
    return LABEL_BYTES + features;
  }

  /** Fills a buffer of a record's size, and makes it ready to be written. */
  static ByteBuffer fill(ByteBuffer record, int label, ByteBuffer pixels, int offset) {
    record.clear().putInt(label);
    record.put(LABEL_BYTES, pixels, offset, record.capacity() - LABEL_BYTES);
    return record.rewind();
  }

  int features() {
    return features;
  }

  /** The map that has a record. */
  ByteBuffer map(long record) {
    return maps[(int) (record / recordsPerMap)];
  }

  /** Where the record's label is in that map. */
  int labelAt(long record) {
    return (int) (record % recordsPerMap) * bytes(features);
  }

  /** Where the record's bytes begin in that map. */
  int pixelsAt(long record) {
    return labelAt(record) + LABEL_BYTES;
  }
}
