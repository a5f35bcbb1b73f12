package dev.lockstep.ml;

import dev.lockstep.train.TableTraining;
import java.io.Serializable;
import java.util.List;

/**
 * A training from epoch to epoch.
 *
 * @param objective mean loss of each epoch's steps
 * @param validation mean loss over the held-out rows, each time that training looked at them
 * @param steps how many were taken
 */
public record TrainingHistory(List<Double> objective, List<Double> validation, long steps)
    implements Serializable {
  public TrainingHistory {
    objective = List.copyOf(objective);
    validation = List.copyOf(validation);
  }

  static TrainingHistory of(TableTraining.Result result) {
    return new TrainingHistory(result.objective(), result.validated(), result.steps());
  }

  static double[] array(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).toArray();
  }
}
