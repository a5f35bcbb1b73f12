package dev.lockstep.source;

import dev.lockstep.config.DataConfig;
import dev.lockstep.data.ShardAssembly;
import dev.lockstep.data.ShardRange;
import dev.lockstep.data.ShardRoom;
import dev.lockstep.storage.LocalScratch;
import java.io.IOException;
import java.util.OptionalLong;

/**
 * Room for shards in the heap, up to a limit, and beyond it in a file of the machine.
 *
 * @param limit bytes of examples and labels that those who read together may keep in the heap
 */
public record DataMemory(long limit) implements ShardRoom {
  /** What a configuration says. */
  public static ShardRoom of(DataConfig config) {
    OptionalLong limit = config.memoryLimit();
    return limit.isPresent() ? new DataMemory(limit.getAsLong()) : ShardRoom.HEAP;
  }

  @Override
  public ShardAssembly assemble(ShardRange range) throws IOException {
    return range.bytes() <= limit
        ? ShardRoom.HEAP.assemble(range)
        : ShardRoom.inFile(range, LocalScratch.create());
  }
}
