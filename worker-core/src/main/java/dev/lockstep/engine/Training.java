package dev.lockstep.engine;

import dev.lockstep.data.BatchPlan;
import dev.lockstep.loss.Loss;
import dev.lockstep.network.Network;
import dev.lockstep.optimizer.Optimizer;
import dev.lockstep.schedule.Schedule;
import java.io.Serializable;

/**
 * All that a run's result depends on, beside the data and the state: small and immutable; this is
 * what travels to workers.
 *
 * @param network the layers
 * @param loss of its outputs
 * @param optimizer the update rule
 * @param schedule the learning rate
 * @param plan which examples make a step
 */
public record Training(
    Network network, Loss loss, Optimizer optimizer, Schedule schedule, BatchPlan plan)
    implements Serializable {}
