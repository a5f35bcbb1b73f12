package dev.lockstep.spark;

import dev.lockstep.engine.CancelledException;
import dev.lockstep.engine.DivergedException;
import dev.lockstep.engine.Round;
import dev.lockstep.engine.RoundResult;
import dev.lockstep.engine.State;
import dev.lockstep.engine.Training;
import dev.lockstep.spark.exchange.RankSeat;
import dev.lockstep.spark.exchange.Rendezvous;
import dev.lockstep.spark.exchange.RoundReports;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.rdd.RDD;
import scala.reflect.ClassTag$;

/**
 * A round as one barrier stage: its tasks stay up for all steps and exchange sums and parameters
 * directly. Every rank owns some slices, for which it merges the sums of all, updates, and gives
 * the result to all.
 *
 * <p>A round that follows at once, from the very state that the last one ended with, goes to the
 * same tasks, which still have that state: it costs neither a stage nor a broadcast. Anything else
 * begins a new stage.
 */
public final class AllReduceEngine extends RetryingEngine {
  /** How long tasks that have done a round hold their slots for the next. */
  private static final Duration STAY = Duration.ofMillis(100);

  /**
   * After this a stage begins no other round, so that other jobs have their turn at the slots. Runs
   * of one application share it, down to the second, so that none waits long.
   */
  private static final Duration STAGE = Duration.ofSeconds(5);

  private static final Duration SHORTEST_STAGE = Duration.ofSeconds(1);
  private static final AtomicInteger RUNS = new AtomicInteger();

  private static final Duration LEAVING = Duration.ofSeconds(2);
  private static final Duration DYING = Duration.ofSeconds(10);

  private final long run = UUID.randomUUID().getMostSignificantBits();
  private final Rendezvous rendezvous;
  private final TaskFailures failures = new TaskFailures(jobTag);
  private int attempts;
  private CompletableFuture<Void> stage = CompletableFuture.completedFuture(null);
  private long stageBegan;
  private RoundReports last;
  private State held;
  private boolean isClosed;

  public AllReduceEngine(
      JavaSparkContext spark, Training training, SparkShards shards, SparkSettings settings) {
    super(spark, training, shards, settings);
    this.rendezvous = new Rendezvous(run, shards.ranks(), settings.listen(), this::tell);
    spark.sc().addSparkListener(failures);
    RUNS.incrementAndGet();
  }

  @Override
  public String name() {
    return "allreduce";
  }

  @Override
  RoundResult attempt(State state, Round round, int attempt) {
    RoundReports reports = new RoundReports(training, ranks(), state, round);
    if (!goesOn(state, reports)) {
      endStage();
      shards.restore();
      beginStage(state, round, attempt, reports);
    }
    last = reports;
    RoundResult result = await(reports.result());
    held = result.state();
    stayFor(reports);
    return result;
  }

  private boolean goesOn(State state, RoundReports reports) {
    long share = Math.max(SHORTEST_STAGE.toNanos(), STAGE.toNanos() / RUNS.get());
    boolean isYoung = System.nanoTime() - stageBegan < share;
    // Equal states have the same arrays.
    return state.equals(held) && isYoung && !stage.isDone() && rendezvous.goOn(reports);
  }

  private void beginStage(State state, Round round, int attempt, RoundReports reports) {
    // Attempts are counted over all rounds: a straggler of an earlier one is turned away.
    int number = attempts++;
    failures.begin();
    rendezvous.begin(number, reports);
    Broadcast<State> sent = spark.broadcast(state.withoutBest());
    RankSeat.Invitation invitation =
        new RankSeat.Invitation(
            run, number, rendezvous.address(), settings.exchangeTimeoutMillis(), settings.listen());
    RankTask task =
        new RankTask(
            training, settings.kernel(), round, sent, invitation, fault.onAttempt(attempt));
    RDD<Object> ranks =
        shards
            .partitions()
            .rdd()
            .barrier()
            .mapPartitions(task, false, ClassTag$.MODULE$.apply(Object.class));
    stageBegan = System.nanoTime();
    stage =
        CompletableFuture.runAsync(ranks::count, AllReduceEngine::inItsOwnThread)
            .whenComplete((done, error) -> sent.destroy(false));
  }

  /** A new thread has the tag of the one that starts it. */
  private static void inItsOwnThread(Runnable job) {
    Thread thread = new Thread(job, "lockstep-barrier-stage");
    thread.setDaemon(true);
    thread.start();
  }

  /** Waits for a result, or for the stage to end without one. */
  private RoundResult await(CompletableFuture<RoundResult> result) {
    CompletableFuture<Object> end = CompletableFuture.anyOf(result, stage).exceptionally(e -> null);
    try {
      awaitBegin(end);
      Object unused = end.get();
      if (!result.isDone()) {
        stage.get();
        throw new IllegalStateException("the barrier stage ended before its round did");
      }
      return result.get();
    } catch (InterruptedException e) {
      spark.cancelJobsWithTag(jobTag);
      Thread.currentThread().interrupt();
      throw new CancelledException();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof DivergedException diverged) {
        throw diverged;
      }
      throw new CompletionException(e.getCause());
    }
  }

  /** All tasks of a barrier stage begin at once, as soon as there are slots for all. */
  private void awaitBegin(CompletableFuture<Object> end)
      throws InterruptedException, ExecutionException {
    try {
      Object unused = end.get(settings.slotsTimeoutMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      if (!rendezvous.isAnyThere()) {
        spark.cancelJobsWithTag(jobTag);
        throw new ClusterException(
            "allreduce needs %d slots at the same time, but other jobs of this application have held some of them for %d s (round.slots-timeout); let those end, use fewer ranks, or engine = tree"
                .formatted(ranks(), settings.slotsTimeoutMillis() / 1000),
            e);
      }
    }
  }

  private void stayFor(RoundReports done) {
    long millis = Math.min(STAY.toMillis(), settings.exchangeTimeoutMillis() / 2);
    CompletableFuture.delayedExecutor(millis, TimeUnit.MILLISECONDS)
        .execute(() -> rendezvous.dismiss(done));
  }

  @Override
  public void rest() {
    endStage();
  }

  /** Lets the tasks of the last stage leave, and waits until they have. */
  private void endStage() {
    rendezvous.dismiss(last);
    if (!hasEndedWithin(LEAVING)) {
      spark.cancelJobsWithTag(jobTag);
      boolean unused = hasEndedWithin(DYING);
    }
  }

  private boolean hasEndedWithin(Duration time) {
    try {
      stage.get(time.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      return true; // Whoever waited for a round of it has been told.
    } catch (TimeoutException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
    return true;
  }

  @Override
  String firstFailure(Exception error) {
    return rendezvous
        .firstFailure()
        .or(failures::first)
        .or(losses::first)
        .orElseGet(() -> Failures.describe(error));
  }

  @Override
  int slotsNeeded() {
    return ranks();
  }

  @Override
  public void close() {
    if (!isClosed) {
      isClosed = true;
      RUNS.decrementAndGet();
    }
    endStage();
    spark.sc().removeSparkListener(failures);
    rendezvous.close();
    super.close();
  }
}
