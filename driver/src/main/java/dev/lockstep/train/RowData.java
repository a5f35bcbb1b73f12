package dev.lockstep.train;

import dev.lockstep.data.BatchPlan;
import dev.lockstep.data.Shard;
import dev.lockstep.network.ParameterLayout;
import dev.lockstep.spark.ExampleRows;
import dev.lockstep.spark.SparkShards;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * Rows of tables that Spark keeps.
 *
 * @param train the training set, without what is held out of it
 * @param validation what is held out of it; empty for nothing
 * @param test what the result is tested on; empty for nothing
 * @param fingerprint identity of the data, and of the parameters to begin with
 * @param initial parameters to begin with; empty for those of the configuration
 * @param release lets go of the tables
 */
public record RowData(
    ExampleRows train,
    Optional<ExampleRows> validation,
    Optional<ExampleRows> test,
    String fingerprint,
    Optional<Function<ParameterLayout, float[]>> initial,
    Runnable release)
    implements RunData<ExampleRows> {
  @Override
  public DataLoading loading(ResolvedRun run, boolean isLocal) {
    return new Loading(this, run);
  }

  @Override
  public List<Shard> read(ExampleRows part, BatchPlan plan, ResolvedRun run) {
    return SparkShards.here(part, plan, run.room());
  }

  @Override
  public void close() {
    release.run();
  }

  /** The way of the rows to the ranks. */
  private record Loading(RowData data, ResolvedRun run) implements DataLoading {
    @Override
    public SparkShards train(JavaSparkContext spark, int ranks) {
      return SparkShards.load(data.train, run.training().plan(), ranks, run.room());
    }

    @Override
    public Optional<SparkShards> validation(JavaSparkContext spark, int ranks) {
      return data.validation.map(rows -> evaluated(rows, ranks));
    }

    @Override
    public Optional<SparkShards> test(JavaSparkContext spark, int ranks) {
      return data.test.map(rows -> evaluated(rows, ranks));
    }

    private SparkShards evaluated(ExampleRows rows, int ranks) {
      return SparkShards.load(rows, run.evaluationPlan(rows), ranks, run.room());
    }

    @Override
    public void close() {}
  }
}
