package dev.lockstep.sweep;

import java.util.List;
import java.util.OptionalDouble;

/**
 * The figure by which trials are told apart where there is no goal.
 *
 * @param figure a key of the lines of {@code trials.jsonl}; empty for what there is: the accuracy
 *     or else the loss over what is held out, or else that of training
 */
record Selection(String figure) {
  /** What a user can choose; of losses the lowest is best, of accuracies the highest. */
  static final List<String> FIGURES =
      List.of(
          "validation_accuracy",
          "validation_loss",
          "best_validation_accuracy",
          "best_validation_loss",
          "train_loss");

  private static final List<String> BY_THEMSELVES =
      List.of("validation_accuracy", "validation_loss", "train_loss");

  static final Selection AUTO = new Selection("");

  /** How good an outcome is, lower is better; empty if it has no such figure. */
  OptionalDouble cost(Outcome outcome) {
    List<String> wanted = figure.isEmpty() ? BY_THEMSELVES : List.of(figure);
    for (String each : wanted) {
      OptionalDouble found = outcome.figure(each);
      if (found.isPresent() && !Double.isNaN(found.getAsDouble())) {
        boolean isHigherBetter = each.endsWith("accuracy");
        return OptionalDouble.of(isHigherBetter ? -found.getAsDouble() : found.getAsDouble());
      }
    }
    return OptionalDouble.empty();
  }
}
