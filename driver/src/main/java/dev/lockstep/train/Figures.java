package dev.lockstep.train;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.metric.Evaluation;

/** The few figures of an evaluation that stand beside those of a run. */
public final class Figures {
  private Figures() {}

  /** Adds the loss, and the accuracy or what takes its place where targets are vectors. */
  public static void put(ObjectNode json, String prefix, Evaluation evaluation) {
    json.put(prefix + "loss", evaluation.meanLoss());
    if (evaluation.errors().isEmpty()) {
      json.put(prefix + "accuracy", evaluation.accuracy());
    } else {
      json.put(prefix + "mse", evaluation.errors().meanSquaredError());
      json.put(prefix + "r2", evaluation.errors().r2());
    }
  }
}
