package dev.lockstep.train;

import dev.lockstep.config.RunConfig;
import dev.lockstep.data.BatchPlan;
import dev.lockstep.data.ExampleSet;
import dev.lockstep.data.Shard;
import dev.lockstep.network.ParameterLayout;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * The data that a configuration names, found and described.
 *
 * @param <S> what a part of it is
 */
public sealed interface RunData<S extends ExampleSet> extends AutoCloseable
    permits FileData, RowData {
  /** Finds what a configuration names. */
  interface Opener {
    /**
     * Opens data.
     *
     * @throws dev.lockstep.config.ConfigException if there can be no such data
     * @throws dev.lockstep.data.DataException for bad data
     */
    RunData<?> open(RunConfig config) throws IOException;
  }

  /** The training set, without what is held out of it. */
  S train();

  /** What is held out of it; empty for nothing. */
  Optional<S> validation();

  /** What the result is tested on; empty for nothing. */
  Optional<S> test();

  /** Identity of the data. */
  String fingerprint();

  /**
   * The first parameters for a layout, in panel order, where they do not come of a configuration.
   */
  default Optional<Function<ParameterLayout, float[]>> initial() {
    return Optional.empty();
  }

  /**
   * Begins its way to the ranks.
   *
   * @param run what it is for
   * @param isLocal whether the ranks will run in this JVM
   * @throws IOException if it cannot be read
   */
  DataLoading loading(ResolvedRun run, boolean isLocal) throws IOException;

  /**
   * Cuts a part of it here.
   *
   * @throws IOException if it cannot be read
   */
  List<Shard> read(S part, BatchPlan plan, ResolvedRun run) throws IOException;

  @Override
  default void close() {}
}
