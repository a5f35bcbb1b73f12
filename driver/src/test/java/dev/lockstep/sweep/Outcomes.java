package dev.lockstep.sweep;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.train.Json;

/** Outcomes of trials that were never run. */
final class Outcomes {
  private Outcomes() {}

  static Outcome complete(Trial trial, long steps, double loss) {
    return of(trial, Status.COMPLETE, steps, loss);
  }

  static Outcome of(Trial trial, Status status, long steps, double loss) {
    ObjectNode line = Json.MAPPER.createObjectNode();
    line.put("trial", trial.number());
    line.put("status", status.name());
    line.put("steps", steps);
    line.put("train_loss", loss);
    return new Outcome(trial, line);
  }

  /** With an accuracy over what is held out. */
  static Outcome accuracy(Trial trial, double accuracy) {
    Outcome outcome = of(trial, Status.COMPLETE, 10, 1);
    outcome.line().put("validation_accuracy", accuracy);
    return outcome;
  }
}
