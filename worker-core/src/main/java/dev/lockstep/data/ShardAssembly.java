package dev.lockstep.data;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Consecutive shards while they fill with examples. Threads may share one, each with examples of
 * its own: no two examples have the same position.
 */
public interface ShardAssembly {
  /**
   * Puts an example in its place.
   *
   * @param position its place in the order {@code q} of the {@link BatchPlan}; must be one of these
   *     shards
   * @param example bytes that hold it
   * @param offset where it begins
   * @param label its class; of no meaning where targets are vectors
   */
  void put(long position, ByteBuffer example, int offset, int label) throws IOException;

  /**
   * The shards, once all their examples are there.
   *
   * @throws IllegalStateException if some are not
   */
  List<Shard> shards() throws IOException;
}
