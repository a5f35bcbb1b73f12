package dev.lockstep.data;

import java.io.IOException;

/**
 * A file of CIFAR-10's binary format: records of a label and three planes of 32x32 bytes, with no
 * header. What it holds follows from its length, which must be that of whole records.
 *
 * @param records how many, at least 1
 */
record Cifar10Layout(long records) implements RecordLayout {
  /** Planes (red, green, blue), height, width. */
  static final int PLANES = 3;

  static final int SIDE = 32;

  /** Where in a record the red plane begins: behind the label. */
  static final int PIXELS_AT = 1;

  static final int PIXELS = PLANES * SIDE * SIDE;

  private static final int RECORD_BYTES = PIXELS_AT + PIXELS;

  /**
   * Counts the records of a file; one of gzip does not say how long it is, and is run to its end.
   *
   * @param in the file at its beginning
   * @param stored how many bytes are stored
   * @throws DataException if that is no whole number of records, at least 1
   */
  static Cifar10Layout read(ContentStream in, long stored) throws IOException {
    long length = in.isCompressed() ? in.length() : stored;
    if (length == 0) {
      throw new DataException(
          "%s is empty; want CIFAR-10 records of %d bytes".formatted(in.name(), RECORD_BYTES));
    }
    long rest = length % RECORD_BYTES;
    if (rest != 0) {
      throw new DataException(
          "%s has %d bytes: %d CIFAR-10 records of %d bytes each, and %d bytes more; fetch the file again"
              .formatted(in.name(), length, length / RECORD_BYTES, RECORD_BYTES, rest));
    }
    return new Cifar10Layout(length / RECORD_BYTES);
  }

  @Override
  public int recordBytes() {
    return RECORD_BYTES;
  }

  @Override
  public int start() {
    return 0;
  }

  /**
   * {@inheritDoc}
   *
   * <p>Of gzip nothing is known there: what has changed is found at its end.
   */
  @Override
  public Cifar10Layout readAgain(ContentStream in, long stored) throws IOException {
    return in.isCompressed() ? this : read(in, stored);
  }

  @Override
  public void checkLength(String name, long found) {
    if (found != offsetOf(records)) {
      throw new DataException(
          "%s changed since it was opened: it had %s, and has %d bytes; start again"
              .formatted(name, describe(), found));
    }
  }

  @Override
  public String describe() {
    return "%d CIFAR-10 records, %d bytes".formatted(records, offsetOf(records));
  }
}
