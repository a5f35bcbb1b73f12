package dev.lockstep.data;

import java.io.Closeable;
import java.io.IOException;
import java.util.function.LongPredicate;

/** A reading of what a source has stored, forwards from some place on. */
public interface ExampleReader extends Closeable {
  /**
   * Visits the wanted examples, each once, among those that are stored from where the last call
   * ended to some place.
   *
   * @param end the place where to stop, at most {@link ExampleSource#stored}; whoever comes there
   *     has checked the end of what is stored too
   * @param wanted asked about the index of one example after the other, each just before it would
   *     be visited
   * @param sink takes those that are wanted
   * @throws DataException if the bytes are not what they declare
   * @throws IOException if they cannot be read
   */
  void read(long end, LongPredicate wanted, ExampleSource.Sink sink) throws IOException;
}
