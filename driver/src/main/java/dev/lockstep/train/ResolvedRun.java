package dev.lockstep.train;

import dev.lockstep.checkpoint.Checkpoints;
import dev.lockstep.config.ConfigException;
import dev.lockstep.config.RunConfig;
import dev.lockstep.data.BatchPlan;
import dev.lockstep.data.ExampleSet;
import dev.lockstep.data.FeatureSums;
import dev.lockstep.data.Normalization;
import dev.lockstep.data.Normalizer;
import dev.lockstep.data.ShardRoom;
import dev.lockstep.engine.Goal;
import dev.lockstep.engine.State;
import dev.lockstep.engine.Training;
import dev.lockstep.kernel.KernelChoice;
import dev.lockstep.layer.Normalize;
import dev.lockstep.network.Network;
import dev.lockstep.network.ParameterLayout;
import dev.lockstep.serialization.Sha256;
import dev.lockstep.serialization.model.ParameterTensors;
import dev.lockstep.serialization.tensor.SafetensorsReader;
import dev.lockstep.source.DataMemory;
import dev.lockstep.storage.Location;
import dev.lockstep.storage.Storage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A configuration together with the data that it names: all that is known before anything runs.
 *
 * @param config the settings
 * @param train the training set, without what is held out of it
 * @param validation what is held out of it; empty for nothing
 * @param test what it is tested on; empty for nothing
 * @param fingerprint identity of the data
 * @param initial the first parameters, where they do not come of the configuration
 * @param training what the result depends on
 * @param kernel the arithmetic on this machine
 */
record ResolvedRun(
    RunConfig config,
    ExampleSet train,
    Optional<? extends ExampleSet> validation,
    Optional<? extends ExampleSet> test,
    String fingerprint,
    Optional<Function<ParameterLayout, float[]>> initial,
    Training training,
    KernelChoice kernel) {
  /** Schemes that give all units of a layer the same weights. */
  private static final Set<String> ALIKE = Set.of("zeros", "constant");

  /**
   * Checks that data and configuration fit together.
   *
   * @throws ConfigException for a usage mistake
   */
  static ResolvedRun of(RunConfig config, RunData<?> data) {
    ExampleSet train = data.train();
    Training training = config.toTraining(train.examples(), train.features());
    checkGoal(config, data);
    try {
      training.network().checkLearns();
    } catch (IllegalArgumentException e) {
      throw new ConfigException("layers: " + e.getMessage(), e);
    }
    return new ResolvedRun(
        config,
        train,
        data.validation(),
        data.test(),
        data.fingerprint(),
        data.initial(),
        training,
        kernel(config));
  }

  private static void checkGoal(RunConfig config, RunData<?> data) {
    Optional<Goal> goal = config.stop().goal();
    if (goal.isPresent() && goal.get().figure().isOfValidation() && data.validation().isEmpty()) {
      throw new ConfigException(
          "stop.goal looks at %s, but nothing is held out; set validation.fraction, or a goal for train_loss"
              .formatted(goal.get().figure().text()));
    }
  }

  private static KernelChoice kernel(RunConfig config) {
    try {
      return KernelChoice.of(config.kernel());
    } catch (IllegalArgumentException e) {
      throw new ConfigException(e.getMessage(), e);
    }
  }

  /** The state before the first step, from the seed or from {@code init.file}. */
  State initialState() throws IOException {
    Network network = training.network();
    if (initial.isPresent()) {
      return State.initial(training, initial.get().apply(network.layout()));
    }
    String file = config.init().file();
    if (file.isEmpty()) {
      return State.initial(
          training, config.init().scheme().parameters(network.layout(), config.seed()));
    }
    Storage storage = Storage.at(new Location(file));
    if (!storage.exists("")) {
      throw new ConfigException("init.file = %s: there is no such file".formatted(file));
    }
    try (InputStream in = storage.open("")) {
      return State.initial(
          training,
          ParameterTensors.toVector(
              network.layout(), SafetensorsReader.read(in, storage.length(""), file), "", file));
    }
  }

  /** What a checkpoint of this run says that it is of. */
  Checkpoints.Identity identity() {
    StringBuilder all = new StringBuilder();
    config.resultEntries().forEach((key, value) -> all.append(key + " = " + value + "\n"));
    all.append(fingerprint);
    String sha256 = Sha256.of(all.toString().getBytes(StandardCharsets.UTF_8));
    return new Checkpoints.Identity(sha256, config.render());
  }

  /** Why a network that begins so cannot learn, with what would help; empty if it can. */
  Optional<String> doubt() {
    String scheme = config.init().choice().name();
    boolean isUniform = config.init().file().isEmpty() && ALIKE.contains(scheme);
    long weighted =
        training.network().layers().stream()
            .filter(layer -> layer.tensors().stream().anyMatch(tensor -> !tensor.isVector()))
            .count();
    return isUniform && weighted > 1
        ? Optional.of(
            "init.scheme = %s: the units of a hidden layer begin alike and so stay alike, and the network learns little or nothing; he-normal, or xavier-normal for sigmoid and tanh, usually helps"
                .formatted(scheme))
        : Optional.empty();
  }

  /** What inputs are made of bytes by; empty where that is the same for all data. */
  Optional<Normalize> normalization(Supplier<FeatureSums> sums) {
    Normalizer normalizer = config.data().normalize();
    if (!normalizer.needsSums()) {
      return Optional.empty();
    }
    Normalization normalization = normalizer.of(sums.get());
    return Optional.of(new Normalize(normalization.offset(), normalization.scale()));
  }

  /** The training with inputs made so. */
  Training training(Optional<Normalize> normalization) {
    return normalization
        .map(first -> training.with(training.network().after(first)))
        .orElse(training);
  }

  /** Where ranks keep their shards. */
  ShardRoom room() {
    return DataMemory.of(config.data());
  }

  /** When the run is looked at, and what is decided then. */
  Milestones milestones(Training training) {
    return new Milestones(
        training,
        config.validation(),
        validation.isPresent(),
        config.test().isEveryEpoch(),
        config.decider(),
        config.stop().goal());
  }

  /** How a set that is only evaluated is cut. */
  BatchPlan evaluationPlan(ExampleSet set) {
    return EvaluationPlan.of(set, training.plan());
  }

  /** The rounds of the run. */
  RoundPlan rounds() {
    return new RoundPlan(
        config.totalSteps(training.plan()),
        training.plan(),
        config.checkpoint().everySteps(),
        validation.isPresent() ? config.validation().everySteps() : OptionalInt.empty(),
        config.round().steps(),
        new Budget(config.budget(), System::nanoTime));
  }
}
