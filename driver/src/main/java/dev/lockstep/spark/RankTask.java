package dev.lockstep.spark;

import dev.lockstep.engine.DivergedException;
import dev.lockstep.engine.Monitors;
import dev.lockstep.engine.Round;
import dev.lockstep.engine.State;
import dev.lockstep.engine.StepEnd;
import dev.lockstep.engine.StepRecord;
import dev.lockstep.engine.Training;
import dev.lockstep.gradient.NodeSum;
import dev.lockstep.gradient.ShardGradients;
import dev.lockstep.kernel.KernelChoice;
import dev.lockstep.kernel.Kernels;
import dev.lockstep.network.ParameterLayout;
import dev.lockstep.network.Slice;
import dev.lockstep.spark.exchange.RankSeat;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.apache.spark.broadcast.Broadcast;
import scala.collection.Iterator;
import scala.runtime.AbstractFunction1;

/** What one rank does in a round of the all-reduce engine; the function of a barrier stage. */
final class RankTask extends AbstractFunction1<Iterator<RankShards>, Iterator<RankResult>>
    implements Serializable {
  private static final long serialVersionUID = 1;

  private final Training training;
  private final String kernel;
  private final Round round;
  private final Broadcast<State> state;
  private final RankSeat.Invitation invitation;
  private final Fault fault;

  RankTask(
      Training training,
      String kernel,
      Round round,
      Broadcast<State> state,
      RankSeat.Invitation invitation,
      Fault fault) {
    this.training = training;
    this.kernel = kernel;
    this.round = round;
    this.state = state;
    this.invitation = invitation;
    this.fault = fault;
  }

  @Override
  public Iterator<RankResult> apply(Iterator<RankShards> partition) {
    RankShards shards = partition.next();
    Kernels kernels = KernelChoice.of(kernel).kernels();
    ShardGradients gradients = shards.borrow(training, kernels);
    try (RankSeat seat = new RankSeat(invitation, shards.rank())) {
      try {
        seat.join(training, state.value());
        RankResult result = run(shards.rank(), seat, gradients, new StepEnd(training, kernels));
        // Only now: after a failure other ranks of this JVM may still merge in these buffers.
        shards.giveBack(gradients);
        return scala.collection.Iterator$.MODULE$.single(result);
      } catch (TimeoutException | RuntimeException | Error e) {
        seat.fail("rank %d: %s".formatted(shards.rank(), Failures.describe(e)));
        throw new IllegalStateException(e.getMessage(), e);
      } catch (InterruptedException e) {
        seat.fail("rank %d was interrupted".formatted(shards.rank()));
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted", e);
      }
    }
  }

  private RankResult run(int rank, RankSeat seat, ShardGradients gradients, StepEnd stepEnd)
      throws InterruptedException, TimeoutException {
    long start = System.nanoTime();
    List<Slice> slices = seat.slices(training);
    List<StepRecord> records = new ArrayList<>();
    StepRecord diverged = null;
    Monitors monitors = state.value().monitors();
    try {
      for (long step = round.first(); step < round.end(); step++) {
        fault.check(rank, step);
        NodeSum sum = seat.total(step, gradients.sum(step, seat.parameters()));
        boolean isFinite =
            stepEnd.update(
                step,
                sum.examples(),
                slices,
                sum.gradient(),
                seat.parameters(),
                seat.slots(),
                seat.squares());
        boolean allFinite = seat.spread(step, isFinite);
        records.add(stepEnd.record(step, sum, seat.squares(), allFinite));
        monitors = stepEnd.monitors(monitors, step, sum);
        if (rank == 0) {
          seat.tell(records.get(records.size() - 1));
        }
      }
    } catch (DivergedException e) {
      diverged = e.step();
    }
    return new RankResult(
        slices.stream().map(slice -> copy(slice, seat)).toList(),
        rank == 0 ? List.copyOf(records) : List.of(),
        diverged,
        monitors,
        System.nanoTime() - start);
  }

  private RankResult.SliceState copy(Slice slice, RankSeat seat) {
    ParameterLayout layout = training.network().layout();
    int from = slice.offset();
    int to = slice.end();
    return new RankResult.SliceState(
        layout.slices().indexOf(slice),
        Arrays.copyOfRange(seat.parameters(), from, to),
        Arrays.stream(seat.slots()).map(slot -> Arrays.copyOfRange(slot, from, to)).toList());
  }
}
