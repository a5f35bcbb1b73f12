package dev.lockstep.spark;

import dev.lockstep.data.DataException;
import dev.lockstep.engine.CancelledException;
import dev.lockstep.engine.DivergedException;
import dev.lockstep.engine.Engine;
import dev.lockstep.engine.Round;
import dev.lockstep.engine.RoundResult;
import dev.lockstep.engine.State;
import dev.lockstep.engine.StepRecord;
import dev.lockstep.engine.Training;
import java.time.Duration;
import java.util.function.Consumer;
import org.apache.spark.api.java.JavaSparkContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the engines on Spark share: a round that fails is run again from the state that it started
 * from, a bounded number of times. The state is immutable, so a second attempt gives the same bits.
 */
abstract class RetryingEngine implements Engine {
  private static final Logger LOG = LoggerFactory.getLogger(RetryingEngine.class);

  final JavaSparkContext spark;
  final Training training;
  final SparkShards shards;
  final SparkSettings settings;
  final Fault fault;

  /** Of all jobs of this engine. */
  final String jobTag = JobScope.newTag();

  /** Why there are too few slots, where no attempt knows. */
  final ExecutorLosses losses = new ExecutorLosses();

  private volatile Consumer<StepRecord> watcher = step -> {};
  private volatile boolean isCancelled;

  RetryingEngine(
      JavaSparkContext spark, Training training, SparkShards shards, SparkSettings settings) {
    this.spark = spark;
    this.training = training;
    this.shards = shards;
    this.settings = settings;
    this.fault = Fault.of(spark.getConf());
    spark.sc().addSparkListener(losses);
  }

  /**
   * Executes a round once.
   *
   * @throws ClusterException if no other attempt could do better
   */
  abstract RoundResult attempt(State state, Round round, int attempt);

  /** The first failure of an attempt, where the engine knows better than Spark. */
  abstract String firstFailure(Exception error);

  /** How many slots an attempt needs at the same time. */
  abstract int slotsNeeded();

  @Override
  public final int ranks() {
    return shards.ranks();
  }

  @Override
  public final RoundResult advance(State state, Round round) {
    round.checkFollows(state);
    String firstFailure = null;
    for (int attempt = 0; ; attempt++) {
      if (isCancelled) {
        throw new CancelledException();
      }
      awaitSlots(firstFailure);
      try (JobScope jobs = JobScope.open(spark, jobTag)) {
        jobs.describe("steps %d to %d".formatted(round.first() + 1, round.end()));
        return attempt(state, round, attempt);
      } catch (DivergedException | CancelledException | ClusterException e) {
        throw e;
      } catch (Exception e) { // Scala throws SparkException without declaring it.
        if (Failures.isInterrupted(e)) {
          spark.cancelJobsWithTag(jobTag);
          Thread.currentThread().interrupt();
          throw new CancelledException();
        }
        if (isCancelled) {
          throw new CancelledException();
        }
        if (Failures.isCancelled(e)) {
          throw new ClusterException(
              "steps %d to %d were cancelled: %s"
                  .formatted(round.first() + 1, round.end(), Failures.describe(e)),
              e);
        }
        var data = Failures.find(e, DataException.class);
        if (data.isPresent()) {
          throw data.get();
        }
        String failure = firstFailure(e);
        firstFailure = firstFailure == null ? failure : firstFailure;
        if (attempt + 1 >= settings.roundAttempts()) {
          throw new ClusterException(
              "steps %d to %d failed %d times (round.attempts = %d); the first failure was: %s"
                  .formatted(
                      round.first() + 1,
                      round.end(),
                      attempt + 1,
                      settings.roundAttempts(),
                      firstFailure),
              e);
        }
        LOG.warn(
            "steps {} to {} failed and are run again (attempt {} of {}): {}",
            round.first() + 1,
            round.end(),
            attempt + 2,
            settings.roundAttempts(),
            failure);
      }
    }
  }

  /** Spark itself would look again only every so often, or wait for ever. */
  private void awaitSlots(String firstFailure) {
    int slots;
    try {
      slots =
          Slots.awaitReplacement(
              spark,
              slotsNeeded(),
              Duration.ofMillis(settings.slotsTimeoutMillis()),
              () -> isCancelled);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancelledException();
    }
    if (slots >= slotsNeeded()) {
      losses.forget();
    } else if (!isCancelled) {
      String cause = firstFailure != null ? firstFailure : losses.first().orElse("none is known");
      throw new ClusterException(
          "%s needs %d slots at the same time, but %s has %d left; the first failure was: %s"
              .formatted(name(), slotsNeeded(), spark.master(), slots, cause),
          null);
    }
  }

  @Override
  public final void watch(Consumer<StepRecord> watcher) {
    this.watcher = watcher;
  }

  /** Tells whoever watches. */
  final void tell(StepRecord step) {
    watcher.accept(step);
  }

  @Override
  public void cancel() {
    isCancelled = true;
    spark.cancelJobsWithTag(jobTag);
  }

  @Override
  public void close() {
    spark.sc().removeSparkListener(losses);
  }
}
