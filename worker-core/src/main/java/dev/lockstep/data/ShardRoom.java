package dev.lockstep.data;

import java.io.IOException;
import java.io.Serializable;

/** Where shards are kept. It travels with the tasks that fill them. */
@FunctionalInterface
public interface ShardRoom extends Serializable {
  /** In arrays, whatever they take. */
  ShardRoom HEAP = HeapAssembly::new;

  /**
   * Room for some shards, empty.
   *
   * @throws DataException if one is too large for it
   * @throws IOException if there is none
   */
  ShardAssembly assemble(ShardRange range) throws IOException;

  /** In a file, whatever they take. */
  static ShardAssembly inFile(ShardRange range, ScratchFile file) {
    return new FileAssembly(range, file);
  }
}
