package dev.lockstep.train;

import dev.lockstep.spark.EarlyShards;
import dev.lockstep.spark.SparkShards;
import java.io.IOException;
import java.util.Optional;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * Both halves of a run's data on their way to the ranks. Where those will run in this JVM, reading
 * begins at once and Spark starts meanwhile; elsewhere each rank reads its own part.
 */
final class DataLoading implements AutoCloseable {
  private final ResolvedRun run;
  private final Optional<EarlyShards> train;
  private final Optional<EarlyShards> test;

  private DataLoading(ResolvedRun run, Optional<EarlyShards> train, Optional<EarlyShards> test) {
    this.run = run;
    this.train = train;
    this.test = test;
  }

  static DataLoading begin(ResolvedRun run, boolean isLocal) {
    if (!isLocal) {
      return new DataLoading(run, Optional.empty(), Optional.empty());
    }
    int classes = run.training().classes();
    return new DataLoading(
        run,
        Optional.of(EarlyShards.begin(run.train(), run.training().plan(), classes)),
        Optional.of(EarlyShards.begin(run.test(), run.testPlan(), classes)));
  }

  SparkShards train(JavaSparkContext spark, int ranks) throws IOException {
    return train.isPresent()
        ? SparkShards.load(spark, train.get(), ranks)
        : SparkShards.load(
            spark, run.train(), run.training().plan(), ranks, run.training().classes());
  }

  SparkShards test(JavaSparkContext spark, int ranks) throws IOException {
    return test.isPresent()
        ? SparkShards.load(spark, test.get(), ranks)
        : SparkShards.load(spark, run.test(), run.testPlan(), ranks, run.training().classes());
  }

  @Override
  public void close() {
    train.ifPresent(EarlyShards::close);
    test.ifPresent(EarlyShards::close);
  }
}
