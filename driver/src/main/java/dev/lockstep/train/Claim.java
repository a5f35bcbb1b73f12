package dev.lockstep.train;

import dev.lockstep.storage.Storage;
import java.io.IOException;

/**
 * What a driver has on a run until another takes the run over. A driver that was frozen, and
 * thought to be dead, must do no harm when it wakes up: a file that every driver of a run writes is
 * asked for once more when it is whole but does not have its name yet. Who takes a run over first
 * says so, and then deletes what others have in the making, so that nobody's answer comes too late.
 */
interface Claim {
  /**
   * Checks that it still stands.
   *
   * @throws SupersededException if another driver has taken the run over
   */
  void check() throws IOException;

  /**
   * Writes a file that other drivers of the run would write too.
   *
   * @throws SupersededException if one of them has taken the run over
   */
  default void write(Storage storage, String name, Storage.Content content) throws IOException {
    check();
    try {
      storage.writeAtomically(
          name,
          out -> {
            content.writeTo(out);
            check();
          });
    } catch (IOException e) {
      check(); // The successor deletes what was in the making.
      throw e;
    }
  }
}
