package dev.lockstep.ml;

import dev.lockstep.config.ConfigException;
import dev.lockstep.config.RunConfig;
import dev.lockstep.engine.Training;
import dev.lockstep.spark.ExampleRows;
import dev.lockstep.table.Table;

/** What a network is to say of a row. */
sealed interface Goal {
  /**
   * Outputs of a network that is not described.
   *
   * @param classes one more than the largest label that rows have
   */
  int outputs(int classes);

  /** The loss of one that names none. */
  String loss();

  /**
   * Checks that a configuration serves the goal.
   *
   * @throws ConfigException if no configuration with such a network or loss could
   * @throws dev.lockstep.data.DataException if this one cannot, for the labels that are there
   */
  void check(RunConfig config, Table table);

  /**
   * Which class it has.
   *
   * @param label the column of classes
   * @param declared how many there are, where the column's metadata says so; otherwise 0
   */
  record ClassOf(String label, int declared) implements Goal {
    @Override
    public int outputs(int classes) {
      return Math.max(2, Math.max(declared, classes));
    }

    @Override
    public String loss() {
      return "softmax-cross-entropy";
    }

    @Override
    public void check(RunConfig config, Table table) {
      ExampleRows rows = table.rows();
      table.checkClasses(label, config.toTraining(rows.examples(), rows.features()).classes());
    }
  }

  /**
   * Which number goes with it.
   *
   * @param label the column of numbers
   */
  record NumberOf(String label) implements Goal {
    @Override
    public int outputs(int classes) {
      return 1;
    }

    @Override
    public String loss() {
      return "mean-squared-error";
    }

    @Override
    public void check(RunConfig config, Table table) {
      ExampleRows rows = table.rows();
      Training training = config.toTraining(rows.examples(), rows.features());
      int outputs = training.network().outputs();
      if (outputs != 1) {
        throw new ConfigException(
            "the network has %d outputs; want 1, for the number in %s".formatted(outputs, label));
      }
      if (!training.loss().estimatesVectors(outputs)) {
        throw new ConfigException(
            "loss.name = %s tells classes apart; want one that estimates numbers, such as mean-squared-error or huber"
                .formatted(training.loss().name()));
      }
    }
  }
}
