package dev.lockstep.data;

import java.io.IOException;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.LongPredicate;

/**
 * A data set of labelled examples, each {@code features} bytes (uint8) and a class index.
 *
 * <p>Serialisable, so that a task can read its own part: what travels is a description, never the
 * data.
 */
public interface ExampleSource extends Serializable {
  /** Where the data comes from, as a user would write it. */
  String name();

  /** Where one example is, as a user would look for it. */
  default String nameOf(long index) {
    return "%s: example %d".formatted(name(), index);
  }

  /** How many examples there are. */
  long examples();

  /** Bytes of an example. */
  int features();

  /** Dimensions of an example, whose product is {@link #features}; height before width. */
  default List<Integer> shape() {
    return List.of(features());
  }

  /** Whether a part of the examples can be read at a part of the cost. */
  default boolean isDivisible() {
    return false;
  }

  /**
   * Visits the wanted examples, each once, in the order in which they are stored: that of their
   * index, unless the source is a part of another in an order of its own.
   *
   * @param wanted asked about one example after the other, each just before it would be visited
   * @param sink takes those that are wanted
   * @throws DataException if the bytes are not what they declare
   * @throws IOException if they cannot be read
   */
  void read(LongPredicate wanted, Sink sink) throws IOException;

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
    void accept(long index, ByteBuffer pixels, int offset, int label);
  }
}
