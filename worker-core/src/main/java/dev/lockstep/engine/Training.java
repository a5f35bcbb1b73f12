package dev.lockstep.engine;

import dev.lockstep.data.BatchPlan;
import dev.lockstep.gradient.NoiseSampling;
import dev.lockstep.loss.Loss;
import dev.lockstep.network.Network;
import dev.lockstep.optimizer.Optimizer;
import dev.lockstep.optimizer.Update;
import dev.lockstep.schedule.Schedule;
import java.io.Serializable;
import java.util.List;

/**
 * All that a run's result depends on, beside the data and the state: small and immutable; this is
 * what travels to workers.
 *
 * @param network the layers
 * @param loss of its outputs
 * @param update what becomes of the parameters at the end of a step
 * @param plan which examples make a step
 * @param accumulate a rank walks its shards in so many groups; part of no result
 * @param noise when the gradient noise scale is measured
 */
public record Training(
    Network network, Loss loss, Update update, BatchPlan plan, int accumulate, NoiseSampling noise)
    implements Serializable {
  public Training {
    if (accumulate < 1) {
      throw new IllegalArgumentException("accumulate = %d: want 1 or more".formatted(accumulate));
    }
    loss.checkOutputs(network.outputs());
  }

  /** A training whose noise is not measured. */
  public Training(Network network, Loss loss, Update update, BatchPlan plan, int accumulate) {
    this(network, loss, update, plan, accumulate, NoiseSampling.NONE);
  }

  /** A training whose update is an optimiser's alone, with all shards in one go. */
  public Training(
      Network network, Loss loss, Optimizer optimizer, Schedule schedule, BatchPlan plan) {
    this(network, loss, Update.of(optimizer, schedule), plan, 1);
  }

  /** How many classes labels may name. */
  public int classes() {
    return loss.classes(network.outputs());
  }

  /** The names of the vectors that a state has beside its parameters. */
  public List<String> slots() {
    return update.slots();
  }

  /** The same over another network, whose parameters lie alike. */
  public Training with(Network network) {
    return new Training(network, loss, update, plan, accumulate, noise);
  }
}
