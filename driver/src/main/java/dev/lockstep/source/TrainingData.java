package dev.lockstep.source;

import dev.lockstep.config.ConfigException;
import dev.lockstep.config.RunConfig;
import dev.lockstep.data.DataException;
import dev.lockstep.data.ExampleSource;
import dev.lockstep.data.Holdout;
import dev.lockstep.data.Split;
import java.io.IOException;
import java.util.Optional;

/**
 * The training set that a configuration names.
 *
 * @param train what is trained on
 * @param validation what {@code validation.fraction} holds out of it; empty for a fraction of 0
 */
public record TrainingData(ExampleSource train, Optional<ExampleSource> validation) {
  /**
   * Opens the data, and cuts it in two where the configuration says so.
   *
   * @throws ConfigException if there can be no such data, or either part would be empty
   * @throws DataException if what is there is no such data set
   * @throws IOException if it cannot be read
   */
  public static TrainingData open(RunConfig config) throws IOException {
    return cut(DataSets.open(config.data().uri(), Split.TRAIN), config);
  }

  /**
   * Cuts a whole training set in two where a configuration says so.
   *
   * @throws ConfigException if either part would be empty
   */
  public static TrainingData cut(ExampleSource whole, RunConfig config) {
    return config
        .holdout(whole.name(), whole.examples())
        .map(cut -> Holdout.of(whole, cut))
        .map(parts -> new TrainingData(parts.training(), Optional.of(parts.validation())))
        .orElseGet(() -> new TrainingData(whole, Optional.empty()));
  }
}
