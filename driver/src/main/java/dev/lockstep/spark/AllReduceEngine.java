package dev.lockstep.spark;

import dev.lockstep.engine.DivergedException;
import dev.lockstep.engine.Round;
import dev.lockstep.engine.RoundResult;
import dev.lockstep.engine.SlicedVector;
import dev.lockstep.engine.State;
import dev.lockstep.engine.StepRecord;
import dev.lockstep.engine.Training;
import dev.lockstep.spark.exchange.RankSeat;
import dev.lockstep.spark.exchange.Rendezvous;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.rdd.RDD;
import scala.reflect.ClassTag$;

/**
 * A round as one barrier stage: its tasks stay up for all steps and exchange sums and parameters
 * directly. Every rank owns some slices, for which it merges the sums of all, updates, and gives
 * the result to all.
 */
public final class AllReduceEngine extends RetryingEngine {
  private final long run = UUID.randomUUID().getMostSignificantBits();
  private final Rendezvous rendezvous;
  private int attempts;

  public AllReduceEngine(
      JavaSparkContext spark, Training training, SparkShards shards, SparkSettings settings) {
    super(spark, training, shards, settings);
    this.rendezvous = new Rendezvous(run, shards.ranks(), settings.listen());
  }

  @Override
  public String name() {
    return "allreduce";
  }

  @Override
  RoundResult attempt(State state, Round round, int attempt) {
    // Attempts are counted over all rounds: a straggler of an earlier round is turned away too.
    int number = attempts++;
    rendezvous.begin(number);
    Broadcast<State> sent = spark.broadcast(state);
    try {
      RankSeat.Invitation invitation =
          new RankSeat.Invitation(
              run,
              number,
              rendezvous.address(),
              settings.exchangeTimeoutMillis(),
              settings.listen());
      RankTask task =
          new RankTask(
              training, settings.kernel(), round, sent, invitation, fault.onAttempt(attempt));
      RDD<RankResult> results =
          shards
              .partitions()
              .rdd()
              .barrier()
              .mapPartitions(task, false, ClassTag$.MODULE$.apply(RankResult.class));
      return assemble(state, round, (RankResult[]) results.collect());
    } finally {
      sent.destroy(false);
    }
  }

  private RoundResult assemble(State before, Round round, RankResult[] results) {
    StepRecord diverged = results[0].diverged();
    if (diverged != null) {
      throw new DivergedException(diverged);
    }
    float[][] parameters = new float[training.network().layout().slices().size()][];
    float[][][] slots = new float[before.slots().size()][parameters.length][];
    for (RankResult result : results) {
      for (RankResult.SliceState slice : result.slices()) {
        parameters[slice.index()] = slice.parameters();
        for (int s = 0; s < slots.length; s++) {
          slots[s][slice.index()] = slice.slots().get(s);
        }
      }
    }
    List<SlicedVector> slotVectors = new ArrayList<>();
    for (float[][] slot : slots) {
      slotVectors.add(new SlicedVector(List.of(slot)));
    }
    State after =
        new State(
            round.end(),
            before.seed(),
            new SlicedVector(List.of(parameters)),
            slotVectors,
            results[0].monitors());
    return new RoundResult(after, results[0].records(), results[0].nanos());
  }

  @Override
  String firstFailure(Exception error) {
    return rendezvous.firstFailure().orElseGet(() -> Failures.describe(error));
  }

  @Override
  int slotsNeeded() {
    return ranks();
  }

  @Override
  public void close() {
    rendezvous.close();
  }
}
