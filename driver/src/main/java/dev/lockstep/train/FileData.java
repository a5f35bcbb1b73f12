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
   * Opens them.
   *
   * @throws ConfigException if there can be no such data
   * @throws DataException for bad data
   */
  public static FileData open(RunConfig config) throws IOException {
    String uri = config.data().uri();
    TrainingData data = TrainingData.open(config);
    ExampleSource test = DataSets.open(uri, Split.TEST);
    if (data.train().features() != test.features()) {
      throw new DataException(
          "%s: training examples have %d features, but test examples have %d"
              .formatted(uri, data.train().features(), test.features()));
    }
    return new FileData(data.train(), data.validation(), test, DataSets.fingerprint(uri));
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
