package dev.lockstep.train;

import dev.lockstep.config.ConfigException;
import dev.lockstep.config.RunConfig;
import dev.lockstep.data.BatchPlan;
import dev.lockstep.data.DataException;
import dev.lockstep.data.ExampleSource;
import dev.lockstep.data.Shard;
import dev.lockstep.data.Split;
import dev.lockstep.source.DataSets;
import dev.lockstep.source.TrainingData;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * The files that a configuration names.
 *
 * @param train the training set, without what is held out of it
 * @param validation what is held out of it; empty for nothing
 * @param tested the test set
 * @param fingerprint identity of the data
 */
public record FileData(
    ExampleSource train,
    Optional<ExampleSource> validation,
    ExampleSource tested,
    String fingerprint)
    implements RunData<ExampleSource> {
  /**
   * Opens them, and cuts the training set in two where the configuration says so.
   *
   * @throws ConfigException if there can be no such data, or either part would be empty
   * @throws DataException for bad data
   */
  public static FileData open(RunConfig config) throws IOException {
    return whole(config.data().uri()).cut(config);
  }

  /**
   * Opens all of a data set.
   *
   * @throws ConfigException if there can be no such data
   * @throws DataException for bad data
   */
  public static FileData whole(String uri) throws IOException {
    ExampleSource train = DataSets.open(uri, Split.TRAIN);
    ExampleSource test = DataSets.open(uri, Split.TEST);
    if (train.features() != test.features()) {
      throw new DataException(
          "%s: training examples have %d features, but test examples have %d"
              .formatted(uri, train.features(), test.features()));
    }
    return new FileData(train, Optional.empty(), test, DataSets.fingerprint(uri));
  }

  /**
   * With what a configuration holds out of the training set, which is whole.
   *
   * @throws ConfigException if either part would be empty
   */
  public FileData cut(RunConfig config) {
    TrainingData parts = TrainingData.cut(train, config);
    return new FileData(parts.train(), parts.validation(), tested, fingerprint);
  }

  @Override
  public Optional<ExampleSource> test() {
    return Optional.of(tested);
  }

  @Override
  public SourceLoading loading(ResolvedRun run, boolean isLocal) throws IOException {
    return SourceLoading.begin(run, this, isLocal);
  }

  @Override
  public List<Shard> read(ExampleSource part, BatchPlan plan, ResolvedRun run) throws IOException {
    return Shard.read(part, plan, 0, plan.shards(), run.training().classes(), run.room());
  }
}
