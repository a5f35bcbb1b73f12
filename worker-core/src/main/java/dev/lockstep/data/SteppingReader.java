package dev.lockstep.data;

import java.io.IOException;
import java.util.function.LongPredicate;

/** A reading of examples that are stored by their index, one step after the other. */
public abstract class SteppingReader implements ExampleReader {
  private long next;

  /** From an example on. */
  protected SteppingReader(long first) {
    this.next = first;
  }

  /** Hands an example to the sink; no earlier one will follow. */
  protected abstract void show(long example, ExampleSource.Sink sink) throws IOException;

  @Override
  public void read(long end, LongPredicate wanted, ExampleSource.Sink sink) throws IOException {
    for (; next < end; next++) {
      if (wanted.test(next)) {
        show(next, sink);
      }
    }
  }

  @Override
  public void close() throws IOException {}
}
