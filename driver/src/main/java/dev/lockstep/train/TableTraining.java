package dev.lockstep.train;

import dev.lockstep.config.ConfigException;
import dev.lockstep.config.EngineName;
import dev.lockstep.config.RunConfig;
import dev.lockstep.data.DataException;
import dev.lockstep.engine.CancelledException;
import dev.lockstep.engine.DivergedException;
import dev.lockstep.engine.RoundResult;
import dev.lockstep.engine.State;
import dev.lockstep.metric.Evaluation;
import dev.lockstep.network.ParameterLayout;
import dev.lockstep.serialization.model.Model;
import dev.lockstep.spark.ClusterException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * A training over the rows of tables in a Spark session that is there, whose result stays in
 * memory. What a configuration says of files, run directories and checkpoints does not matter here.
 *
 * @param config the settings
 * @param data what is trained on, and what is held out
 * @param messages takes sentences for the user
 */
public record TableTraining(RunConfig config, RowData data, Consumer<String> messages) {
  /**
   * What came of it.
   *
   * @param model the network and its parameters
   * @param objective mean loss of each epoch, with the parameters of each of its steps; of a part
   *     of an epoch too, if that is all there was
   * @param validated what the held-out rows gave each time
   * @param training over the rows that were trained on
   * @param held over the rows that were held out
   * @param steps steps taken
   */
  public record Result(
      Model model,
      List<Double> objective,
      List<Evaluation> validated,
      Evaluation training,
      Optional<Evaluation> held,
      long steps) {}

  /** What is heard of a run, round by round. */
  private static final class History implements TrainingListener {
    private final List<Double> objective = new ArrayList<>();
    private final List<Evaluation> validated = new ArrayList<>();
    private final long stepsPerEpoch;
    private long steps;

    History(long stepsPerEpoch) {
      this.stepsPerEpoch = stepsPerEpoch;
    }

    @Override
    public void onRound(RoundResult result, Milestone milestone) {
      State state = result.state();
      steps = state.step();
      int epoch = (int) ((state.step() - 1) / stepsPerEpoch);
      double loss = state.monitors().epoch().meanLoss();
      if (epoch < objective.size()) {
        objective.set(epoch, loss);
      } else {
        objective.add(loss);
      }
      milestone.validation().ifPresent(validated::add);
    }
  }

  /**
   * Trains.
   *
   * @param initial the first parameters, in panel order, for a layout; empty for those of the seed
   * @throws ConfigException for settings that cannot be
   * @throws DataException for rows that cannot be examples
   * @throws DivergedException if training left the finite numbers
   * @throws ClusterException if the cluster could not do it
   */
  public Result run(JavaSparkContext spark, Optional<Function<ParameterLayout, float[]>> initial) {
    if (config.engine() == EngineName.LOCAL) {
      throw new ConfigException(
          "engine = local trains in the driver, where the rows are not; use auto, allreduce or tree");
    }
    ResolvedRun run = ResolvedRun.of(config, data);
    OptionalInt wanted = config.engine() == EngineName.TREE ? OptionalInt.empty() : config.ranks();
    int slots = SparkSessions.awaitSlots(spark, wanted, config.round().slotsTimeout());
    EngineName engine = SparkSessions.choose(config, spark, slots, messages);
    int ranks = SparkSessions.ranks(config, slots);
    run.training().network().warnings(run.training().loss()).forEach(messages);
    try (Compute compute =
        new SparkCompute(spark, run, engine, data.loading(run, spark.isLocal()), ranks)) {
      State start =
          initial.isPresent()
              ? State.initial(
                  run.training(), initial.get().apply(run.training().network().layout()))
              : run.initialState();
      History history = new History(run.training().plan().stepsPerEpoch());
      Trainer trainer =
          new Trainer(
              compute,
              run.rounds(),
              run.milestones(compute.training()),
              history,
              new DivergenceReport(compute, data.train(), history));
      return result(run, compute, train(trainer, start, history), history);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static State train(Trainer trainer, State start, History history) {
    try {
      return trainer.train(start);
    } catch (CancelledException e) {
      throw new ClusterException(
          "training was interrupted after step %d".formatted(history.steps), e);
    }
  }

  private Result result(ResolvedRun run, Compute compute, State end, History history) {
    float[] parameters = end.finalModel(compute.training()).toFlat();
    Model model =
        new Model(
            run.training().network().inputs(),
            data.train().format().element(),
            config.layers(),
            run.training().loss(),
            compute.normalization(),
            parameters);
    return new Result(
        model,
        List.copyOf(history.objective),
        List.copyOf(history.validated),
        compute.evaluate(parameters).train(),
        data.validation().map(rows -> compute.validate(parameters)),
        end.step());
  }
}
