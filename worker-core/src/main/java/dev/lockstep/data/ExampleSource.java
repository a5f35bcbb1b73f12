package dev.lockstep.data;

import java.io.IOException;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.util.function.LongPredicate;

/**
 * Examples that can be read.
 *
 * <p>Serialisable, so that a task can read its own part: what travels is a description, never the
 * data.
 */
public interface ExampleSource extends ExampleSet, Serializable {
  /** How many examples are stored where these are: more, if these are a part of others. */
  default long stored() {
    return examples();
  }

  /** At what cost a part of the examples can be read. */
  default Access access() {
    return Access.SEQUENTIAL;
  }

  /**
   * Begins to read what is stored, in the order in which it is: that of the index of examples,
   * unless the source is a part of another in an order of its own.
   *
   * @param first the place of the first example that is wanted, 0 to {@link #stored}
   * @throws DataException if the bytes are not what they declare
   * @throws IOException if they cannot be read
   */
  ExampleReader open(long first) throws IOException;

  /**
   * Visits the wanted examples out of all, as {@link ExampleReader#read} does.
   *
   * @throws DataException if the bytes are not what they declare
   * @throws IOException if they cannot be read
   */
  default void read(LongPredicate wanted, Sink sink) throws IOException {
    try (ExampleReader reader = open(0)) {
      reader.read(stored(), wanted, sink);
    }
  }

  /**
   * Checks the label of an example.
   *
   * @param classes labels must be below this
   * @throws DataException naming the example
   */
  default void checkLabel(long index, int label, int classes) {
    if (label < 0 || label >= classes) {
      throw new DataException(
          "%s has label %d, but the network has %d outputs, for labels 0 to %d"
              .formatted(nameOf(index), label, classes, classes - 1));
    }
  }

  /** Receives examples. */
  interface Sink {
    /**
     * Takes one example.
     *
     * @param index its place in the data set
     * @param pixels bytes that hold it; valid during the call only
     * @param offset where it begins
     * @param label its class, 0 or more
     */
    void accept(long index, ByteBuffer pixels, int offset, int label) throws IOException;
  }
}
