package dev.lockstep.config;

import dev.lockstep.data.BatchPlan;
import dev.lockstep.data.Part;
import dev.lockstep.engine.Decider;
import dev.lockstep.engine.Training;
import dev.lockstep.kernel.KernelChoice;
import dev.lockstep.loss.Loss;
import dev.lockstep.loss.LossKind;
import dev.lockstep.loss.Losses;
import dev.lockstep.network.Network;
import dev.lockstep.network.NetworkParser;
import dev.lockstep.optimizer.Update;
import dev.lockstep.schedule.Horizon;
import dev.lockstep.schedule.Schedule;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * All settings of a run; immutable. {@link ConfigReader} makes one from HOCON.
 *
 * @param seed all randomness follows from it
 * @param epochs how often the training set is walked through
 * @param steps what takes the place of epochs; empty for none
 * @param batchSize B, over all ranks
 * @param shards V; empty for {@link BatchPlan#autoShards}
 * @param ranks N; empty for what suits the cluster
 * @param engine how rounds are executed
 * @param kernel one of {@link KernelChoice#NAMES}
 * @param layers entries for {@link NetworkParser}
 * @param loss one of {@link Losses#KINDS}
 * @param optimizer the update rule
 * @param schedule the learning rate over time
 * @param scaling what a larger batch does to the rate
 * @param growth how the batch grows
 * @param accumulate a rank walks its shards in so many groups
 * @param clip a bound on the gradient
 * @param regularization what keeps weights small
 * @param averageDecay of the moving average of parameters; 0 for none
 * @param plateau when the rate falls because nothing gets better
 * @param stop when the run ends early
 * @param budget what the run may take
 * @param init the initial weights
 * @param data the training data
 * @param validation what is held out of it
 * @param test when the test set is evaluated, beside the end
 * @param noise when the gradient noise scale is measured
 * @param checkpoint when the state is saved
 * @param round the unit of retry
 * @param exchange how ranks talk to each other
 * @param tensorBoard whether figures are written for TensorBoard too
 * @param report whether the run directory gets a report to look at
 */
public record RunConfig(
    long seed,
    int epochs,
    OptionalInt steps,
    int batchSize,
    OptionalInt shards,
    OptionalInt ranks,
    EngineName engine,
    String kernel,
    List<String> layers,
    Choice loss,
    OptimizerConfig optimizer,
    ScheduleConfig schedule,
    ScalingConfig scaling,
    GrowthConfig growth,
    int accumulate,
    ClipConfig clip,
    RegularizationConfig regularization,
    double averageDecay,
    PlateauConfig plateau,
    StopConfig stop,
    BudgetConfig budget,
    InitConfig init,
    DataConfig data,
    ValidationConfig validation,
    TestConfig test,
    NoiseConfig noise,
    CheckpointConfig checkpoint,
    RoundConfig round,
    ExchangeConfig exchange,
    boolean tensorBoard,
    boolean report) {
  static final String AUTO = "auto";
  static final int MAX_EPOCHS = 1_000_000;
  static final int MAX_STEPS = 1_000_000_000;

  private static final int MAX_BATCH_SIZE = 1 << 30;
  private static final List<String> WITHOUT_EFFECT =
      List.of(
          "ranks",
          "engine",
          "kernel",
          "accumulate",
          "data.uri",
          "data.memory-limit",
          "data.mirrors.",
          "budget.",
          "test.",
          "checkpoint.",
          "round.",
          "exchange.",
          "tensorboard",
          "report");

  public RunConfig {
    layers = List.copyOf(layers);
    Checks checks = new Checks();
    checks.range("epochs", epochs, 1, MAX_EPOCHS);
    steps.ifPresent(s -> checks.range("steps", s, 1, MAX_STEPS));
    checks.oneOf("kernel", kernel, KernelChoice.NAMES);
    checks.range("accumulate", accumulate, 1, BatchPlan.MAX_SHARDS);
    checks.check(
        averageDecay >= 0 && (float) averageDecay < 1,
        "average.decay",
        averageDecay,
        "want a number from 0 to 0.9999999");
    boolean fits = checks.range("batch-size", batchSize, 1, MAX_BATCH_SIZE);
    if (shards.isPresent()) {
      fits &= checks.range("shards", shards.getAsInt(), 1, BatchPlan.MAX_SHARDS);
    }
    if (ranks.isPresent()) {
      fits &= checks.range("ranks", ranks.getAsInt(), 1, BatchPlan.MAX_SHARDS);
    }
    if (fits && ranks.isPresent()) {
      int most = shardsOf(shards, batchSize);
      String why =
          shards.isPresent() ? "" : ", which is shards = auto for batch-size = " + batchSize;
      checks.check(
          ranks.getAsInt() <= most,
          "ranks",
          ranks.getAsInt(),
          "want at most the number of shards, %d%s; use fewer ranks or more shards"
              .formatted(most, why));
    }
    checkLayers(checks, layers);
    checks.done();
  }

  private static void checkLayers(Checks checks, List<String> layers) {
    try {
      NetworkParser.parse(1, layers);
    } catch (IllegalArgumentException e) {
      e.getMessage().lines().forEach(line -> checks.mistake("layers", line));
    }
  }

  private static int shardsOf(OptionalInt shards, int batchSize) {
    return shards.orElseGet(() -> BatchPlan.autoShards(batchSize));
  }

  static RunConfig read(Values values) {
    String engine = values.section(RunConfig::readEngine);
    return new RunConfig(
        values.whole("seed"),
        values.wholeInt("epochs"),
        values.wholeIntOr("steps", AUTO),
        values.wholeInt("batch-size"),
        values.wholeIntOr("shards", AUTO),
        values.wholeIntOr("ranks", AUTO),
        EngineName.valueOf(engine.toUpperCase(Locale.ROOT)),
        values.text("kernel"),
        values.layers("layers"),
        values.section(v -> Choice.read(v, "loss.name", Losses.KINDS, LossKind::create)),
        values.section(OptimizerConfig::read),
        values.section(ScheduleConfig::read),
        values.section(ScalingConfig::read),
        values.section(GrowthConfig::read),
        values.wholeInt("accumulate"),
        values.section(ClipConfig::read),
        values.section(RegularizationConfig::read),
        values.number("average.decay"),
        values.section(PlateauConfig::read),
        values.section(StopConfig::read),
        values.section(BudgetConfig::read),
        values.section(InitConfig::read),
        values.section(DataConfig::read),
        values.section(ValidationConfig::read),
        values.section(TestConfig::read),
        values.section(NoiseConfig::read),
        values.section(CheckpointConfig::read),
        values.section(RoundConfig::read),
        values.section(ExchangeConfig::read),
        values.truth("tensorboard"),
        values.truth("report"));
  }

  private static String readEngine(Values values) {
    String engine = values.text("engine");
    Checks checks = new Checks();
    checks.oneOf("engine", engine, EngineName.names());
    checks.done();
    return engine;
  }

  /** V of this run. */
  public int shardCount() {
    return shardsOf(shards, batchSize);
  }

  /** Which of so many examples make a step. */
  public BatchPlan plan(long examples) {
    return new BatchPlan(examples, batchSize, shardCount(), seed, data.shuffled(), growth.growth());
  }

  /**
   * What {@code validation.fraction} holds out of so many examples; empty for a fraction of 0.
   *
   * @param name of the data set, for messages
   * @throws ConfigException if either part would be empty
   */
  public Optional<Part.Cut> holdout(String name, long examples) {
    double fraction = validation.fraction();
    if (fraction == 0) {
      return Optional.empty();
    }
    try {
      return Optional.of(Part.cut(name, examples, fraction, seed, data.shuffled()));
    } catch (IllegalArgumentException e) {
      throw new ConfigException(
          "validation.fraction = %s: %s"
              .formatted(BigDecimal.valueOf(fraction).toPlainString(), e.getMessage()),
          e);
    }
  }

  /** How many steps the run has over a plan. */
  public long totalSteps(BatchPlan plan) {
    return steps.isPresent() ? steps.getAsInt() : plan.firstStepOf(epochs);
  }

  /**
   * All that the result depends on, for a training set of so many examples with so many features.
   *
   * @throws ConfigException if no such network can be
   */
  public Training toTraining(long examples, int inputs) {
    BatchPlan plan = plan(examples);
    Network network = network(inputs);
    return new Training(
        network, loss(network.outputs()), update(plan), plan, accumulate, noise.sampling());
  }

  private Update update(BatchPlan plan) {
    return new Update(
        optimizer.optimizer(),
        schedule(plan),
        clip.clipping(),
        regularization.penalties(optimizer.weightDecay()),
        (float) averageDecay);
  }

  private Schedule schedule(BatchPlan plan) {
    try {
      return schedule.schedule(new Horizon(learningRate(), plan, totalSteps(plan)));
    } catch (IllegalArgumentException e) {
      throw new ConfigException("schedule: " + e.getMessage(), e);
    }
  }

  /** What the schedule starts from: the optimiser's rate, scaled to the batch. */
  public double learningRate() {
    return scaling.scale(optimizer.learningRate(), batchSize);
  }

  /** What decides whether the rate falls and the run ends. */
  public Decider decider() {
    return new Decider(plateau.rule(), stop.rule());
  }

  private Network network(int inputs) {
    try {
      return NetworkParser.parse(inputs, layers);
    } catch (IllegalArgumentException e) {
      throw new ConfigException(e.getMessage(), e);
    }
  }

  private Loss loss(int outputs) {
    try {
      Loss made = Losses.of(loss.kind(Losses.KINDS), loss.settings());
      made.checkOutputs(outputs);
      return made;
    } catch (IllegalArgumentException e) {
      throw new ConfigException("loss: " + e.getMessage(), e);
    }
  }

  /** Every key as HOCON, in a fixed order; reads back as an equal configuration. */
  public String render() {
    return Entries.render(entries());
  }

  /**
   * The keys that determine the result, with their values; equal if two runs over the same data end
   * in the same bits.
   */
  public Map<String, String> resultEntries() {
    Map<String, String> entries = new LinkedHashMap<>(entries());
    entries.keySet().removeIf(key -> WITHOUT_EFFECT.stream().anyMatch(key::startsWith));
    entries.put("shards", Integer.toString(shardCount()));
    return entries;
  }

  /** Every key with its value as HOCON, in the order of {@link #render}. */
  public Map<String, String> entries() {
    Entries entries = new Entries();
    entries.put("seed", seed);
    entries.put("epochs", epochs);
    entries.put("steps", steps, AUTO);
    entries.put("batch-size", batchSize);
    entries.put("shards", shards, AUTO);
    entries.put("ranks", ranks, AUTO);
    entries.put("engine", engine.configName());
    entries.put("kernel", kernel);
    entries.put("layers", layers);
    loss.write(entries, "loss.name");
    optimizer.write(entries);
    schedule.write(entries);
    scaling.write(entries);
    growth.write(entries);
    entries.put("accumulate", accumulate);
    clip.write(entries);
    regularization.write(entries);
    entries.put("average.decay", averageDecay);
    plateau.write(entries);
    stop.write(entries);
    budget.write(entries);
    init.write(entries);
    data.write(entries);
    validation.write(entries);
    test.write(entries);
    noise.write(entries);
    checkpoint.write(entries);
    round.write(entries);
    exchange.write(entries);
    entries.put("tensorboard", tensorBoard);
    entries.put("report", report);
    return entries.values();
  }
}
