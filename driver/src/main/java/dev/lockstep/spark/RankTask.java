package dev.lockstep.spark;

import dev.lockstep.engine.Decisions;
import dev.lockstep.engine.DivergedException;
import dev.lockstep.engine.EpochSums;
import dev.lockstep.engine.EpochTally;
import dev.lockstep.engine.RankTimes;
import dev.lockstep.engine.Round;
import dev.lockstep.engine.State;
import dev.lockstep.engine.StepClock;
import dev.lockstep.engine.StepEnd;
import dev.lockstep.engine.StepRecord;
import dev.lockstep.engine.Training;
import dev.lockstep.gradient.NodeSum;
import dev.lockstep.gradient.PartialSums;
import dev.lockstep.gradient.ShardGradients;
import dev.lockstep.kernel.KernelChoice;
import dev.lockstep.kernel.Kernels;
import dev.lockstep.network.Slice;
import dev.lockstep.optimizer.Measure;
import dev.lockstep.spark.exchange.RankReport;
import dev.lockstep.spark.exchange.RankSeat;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import org.apache.spark.broadcast.Broadcast;
import scala.collection.Iterator;
import scala.runtime.AbstractFunction1;

/**
 * What one rank does in a barrier stage of the all-reduce engine: a round, and those that follow it
 * at once. It gives the stage nothing, since it tells the driver all as it goes.
 */
final class RankTask extends AbstractFunction1<Iterator<RankShards>, Iterator<Object>>
    implements Serializable {
  private static final long serialVersionUID = 1;

  private final Training training;
  private final String kernel;
  private final Round firstRound;
  private final Broadcast<State> state;
  private final RankSeat.Invitation invitation;
  private final Fault fault;

  RankTask(
      Training training,
      String kernel,
      Round firstRound,
      Broadcast<State> state,
      RankSeat.Invitation invitation,
      Fault fault) {
    this.training = training;
    this.kernel = kernel;
    this.firstRound = firstRound;
    this.state = state;
    this.invitation = invitation;
    this.fault = fault;
  }

  @Override
  public Iterator<Object> apply(Iterator<RankShards> partition) {
    RankShards shards = partition.next();
    try (RankSeat seat = new RankSeat(invitation, shards.rank())) {
      try {
        run(shards, seat);
        return scala.collection.Iterator$.MODULE$.empty();
      } catch (TimeoutException | RuntimeException | Error e) {
        seat.fail("rank %d: %s".formatted(shards.rank(), Failures.describe(e)));
        throw new IllegalStateException(e.getMessage(), e);
      } catch (InterruptedException e) {
        seat.interrupted();
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted", e);
      }
    }
  }

  private void run(RankShards shards, RankSeat seat) throws InterruptedException, TimeoutException {
    Kernels kernels = KernelChoice.of(kernel).kernels();
    ShardGradients gradients = shards.borrow(training, kernels);
    State start = state.value();
    Decisions decisions = start.monitors().decisions();
    StepEnd stepEnd = new StepEnd(training, decisions, kernels);
    seat.join(training, start);
    EpochTally tally = new EpochTally(training, start.monitors().epoch());
    Optional<Round> round = Optional.of(firstRound);
    while (round.isPresent()) {
      RankReport report = run(round.get(), tally, shards.rank(), seat, gradients, stepEnd);
      round = seat.done(round.get(), training, report);
    }
    // Only now: after a failure other ranks of this JVM may still merge in these buffers.
    shards.giveBack(gradients);
  }

  private RankReport run(
      Round round,
      EpochTally tally,
      int rank,
      RankSeat seat,
      ShardGradients gradients,
      StepEnd stepEnd)
      throws InterruptedException, TimeoutException {
    long start = System.nanoTime();
    List<Slice> slices = seat.slices(training);
    List<StepRecord> records = new ArrayList<>();
    StepRecord diverged = null;
    long waited = seat.waitedNanos();
    StepClock clock = new StepClock();
    try {
      for (long step = round.first(); step < round.end(); step++) {
        fault.check(rank, step);
        PartialSums own = gradients.sum(step, seat.parameters());
        clock.computed();
        NodeSum sum = seat.total(step, own);
        clock.exchanged();
        for (Measure measure : stepEnd.measures()) {
          stepEnd.measure(
              measure,
              step,
              sum,
              slices,
              sum.gradient(),
              seat.parameters(),
              seat.slots(),
              seat.squares());
          clock.computed();
          seat.gather(step, measure);
          clock.exchanged();
        }
        boolean isFinite =
            stepEnd.update(
                step, sum, slices, sum.gradient(), seat.parameters(), seat.slots(), seat.squares());
        clock.computed();
        boolean allFinite = seat.spread(step, isFinite);
        clock.exchanged();
        records.add(stepEnd.record(step, sum, seat.squares(), allFinite));
        tally.add(step, sum, seat.squares());
        if (rank == 0) {
          seat.tell(records.get(records.size() - 1));
        }
        clock.endStep();
      }
    } catch (DivergedException e) {
      diverged = e.step();
    }
    List<StepRecord> told = rank == 0 ? records : List.of();
    EpochSums epoch = rank == 0 ? tally.sums() : EpochSums.NONE;
    RankTimes times = new RankTimes(Places.here(), clock.split(seat.waitedNanos() - waited));
    List<Long> stepNanos = rank == 0 ? clock.steps() : List.of();
    return new RankReport(told, diverged, epoch, System.nanoTime() - start, times, stepNanos);
  }
}
