package dev.lockstep.train;

import dev.lockstep.config.ConfigException;
import dev.lockstep.config.RunConfig;
import dev.lockstep.data.DataException;
import dev.lockstep.data.ExampleSource;
import dev.lockstep.data.Split;
import dev.lockstep.source.DataSets;
import dev.lockstep.source.TrainingData;
import java.io.IOException;
import java.util.Optional;

/**
 * The files that a configuration names.
 *
 * @param train the training set, without what is held out of it
 * @param validation what is held out of it; empty for nothing
 * @param test the test set
 * @param fingerprint identity of the data
 */
record RunData(
    ExampleSource train,
    Optional<ExampleSource> validation,
    ExampleSource test,
    String fingerprint) {
  /**
   * Opens them.
   *
   * @throws ConfigException if there can be no such data
   * @throws DataException for bad data
   */
  static RunData open(RunConfig config) throws IOException {
    String uri = config.data().uri();
    TrainingData data = TrainingData.open(config);
    ExampleSource test = DataSets.open(uri, Split.TEST);
    if (data.train().features() != test.features()) {
      throw new DataException(
          "%s: training examples have %d features, but test examples have %d"
              .formatted(uri, data.train().features(), test.features()));
    }
    return new RunData(data.train(), data.validation(), test, DataSets.fingerprint(uri));
  }
}
