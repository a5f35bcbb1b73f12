package dev.lockstep.train;

import dev.lockstep.data.BatchPlan;
import dev.lockstep.data.ExampleSource;
import dev.lockstep.data.ShardRoom;
import dev.lockstep.spark.EarlyShards;
import dev.lockstep.spark.SparkShards;
import java.io.IOException;
import java.util.Optional;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * The way of files to the ranks. Where those will run in this JVM, reading begins at once and Spark
 * starts meanwhile; elsewhere each rank reads its own part.
 */
final class SourceLoading implements DataLoading {
  private final Part train;
  private final Optional<Part> validation;
  private final Part test;

  private SourceLoading(Part train, Optional<Part> validation, Part test) {
    this.train = train;
    this.validation = validation;
    this.test = test;
  }

  static SourceLoading begin(ResolvedRun run, FileData data, boolean isLocal) throws IOException {
    return new SourceLoading(
        Part.begin(run, data.train(), run.training().plan(), isLocal),
        validation(run, data, isLocal),
        Part.begin(run, data.tested(), run.evaluationPlan(data.tested()), isLocal));
  }

  private static Optional<Part> validation(ResolvedRun run, FileData data, boolean isLocal)
      throws IOException {
    if (data.validation().isEmpty()) {
      return Optional.empty();
    }
    ExampleSource held = data.validation().get();
    return Optional.of(Part.begin(run, held, run.evaluationPlan(held), isLocal));
  }

  @Override
  public SparkShards train(JavaSparkContext spark, int ranks) throws IOException {
    return train.load(spark, ranks);
  }

  @Override
  public Optional<SparkShards> validation(JavaSparkContext spark, int ranks) throws IOException {
    return validation.isPresent()
        ? Optional.of(validation.get().load(spark, ranks))
        : Optional.empty();
  }

  @Override
  public Optional<SparkShards> test(JavaSparkContext spark, int ranks) throws IOException {
    return Optional.of(test.load(spark, ranks));
  }

  @Override
  public void close() {
    train.close();
    validation.ifPresent(Part::close);
    test.close();
  }

  /**
   * One data set.
   *
   * @param source what to read
   * @param plan how to cut it
   * @param classes labels must be below this
   * @param room where shards are kept
   * @param early what is being read here; empty elsewhere
   */
  private record Part(
      ExampleSource source,
      BatchPlan plan,
      int classes,
      ShardRoom room,
      Optional<EarlyShards> early) {
    static Part begin(ResolvedRun run, ExampleSource source, BatchPlan plan, boolean isLocal)
        throws IOException {
      int classes = run.training().classes();
      ShardRoom room = run.room();
      return new Part(
          source,
          plan,
          classes,
          room,
          isLocal ? Optional.of(EarlyShards.begin(source, plan, classes, room)) : Optional.empty());
    }

    SparkShards load(JavaSparkContext spark, int ranks) throws IOException {
      return early.isPresent()
          ? SparkShards.load(spark, early.get(), ranks)
          : SparkShards.load(spark, source, plan, ranks, classes, room);
    }

    void close() {
      early.ifPresent(EarlyShards::close);
    }
  }
}
