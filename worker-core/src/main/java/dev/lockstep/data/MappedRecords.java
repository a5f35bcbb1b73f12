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

  private final ExampleFormat format;
  private final int recordsPerMap;
  private final ByteBuffer[] maps;

  private MappedRecords(ExampleFormat format, int recordsPerMap, ByteBuffer[] maps) {
    this.format = format;
    this.recordsPerMap = recordsPerMap;
    this.maps = maps;
  }

  /**
   * Maps a file that has been written.
   *
   * @param format how an example lies in bytes
   * @param count how many records it has
   */
  static MappedRecords of(ScratchFile file, ExampleFormat format, long count) throws IOException {
    int bytes = bytes(format);
    int perMap = MAX_MAP_BYTES / bytes;
    ByteBuffer[] maps = new ByteBuffer[Math.toIntExact((count + perMap - 1) / perMap)];
    for (int m = 0; m < maps.length; m++) {
      long first = (long) m * perMap;
      maps[m] = file.map(first * bytes, (int) Math.min(perMap, count - first) * bytes);
    }
    return new MappedRecords(format, perMap, maps);
  }

  /** Bytes of a record. */
  static int bytes(ExampleFormat format) {
    return LABEL_BYTES + format.bytes();
  }

  /** Fills a buffer of a record's size, and makes it ready to be written. */
  static ByteBuffer fill(ByteBuffer record, int label, ByteBuffer example, int offset) {
    record.clear().putInt(label);
    record.put(LABEL_BYTES, example, offset, record.capacity() - LABEL_BYTES);
    return record.rewind();
  }

  ExampleFormat format() {
    return format;
  }

  /** The map that has a record. */
  ByteBuffer map(long record) {
    return maps[(int) (record / recordsPerMap)];
  }

  /** Where the record's label is in that map. */
  int labelAt(long record) {
    return (int) (record % recordsPerMap) * bytes(format);
  }

  /** Where the record's bytes begin in that map. */
  int exampleAt(long record) {
    return labelAt(record) + LABEL_BYTES;
  }
}
