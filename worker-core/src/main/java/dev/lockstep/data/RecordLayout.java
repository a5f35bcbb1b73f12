package dev.lockstep.data;

import java.io.IOException;
import java.io.Serializable;

/** Where the records of a file lie: one after the other from some place on, all of one size. */
interface RecordLayout extends Serializable {
  /** How many there are, at least 1. */
  long records();

  /** Bytes of one. */
  int recordBytes();

  /** Where in the content the first begins. */
  int start();

  /** Where in the content a record begins; for {@link #records} the end. */
  default long offsetOf(long record) {
    return start() + record * recordBytes();
  }

  /**
   * The layout that the same file shows now, as far as that can be known at its beginning.
   *
   * @param in the file at its beginning, left where the first record begins
   * @param stored how many bytes are stored
   * @throws DataException if it is no such file
   */
  RecordLayout readAgain(ContentStream in, long stored) throws IOException;

  /**
   * Checks the end of the content once it has been seen.
   *
   * @param name of the file
   * @param found how many bytes of content there are
   * @throws DataException unless they are just those of the layout
   */
  void checkLength(String name, long found);

  /** The layout in words, for messages. */
  String describe();
}
