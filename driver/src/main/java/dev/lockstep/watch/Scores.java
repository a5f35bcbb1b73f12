package dev.lockstep.watch;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import dev.lockstep.metric.Evaluation;
import java.util.Optional;

/**
 * How well parameters did on a set.
 *
 * @param loss the mean; NaN if it was not evaluated
 * @param accuracy in [0, 1]; NaN if examples have no classes, or it was not evaluated
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record Scores(double loss, double accuracy) {
  /** Nothing was evaluated. */
  public static final Scores NONE = new Scores(Double.NaN, Double.NaN);

  static Scores of(Optional<Evaluation> evaluation) {
    return evaluation.map(e -> new Scores(e.meanLoss(), e.accuracy())).orElse(NONE);
  }
}
