package dev.lockstep.train;

import dev.lockstep.config.ConfigException;
import dev.lockstep.config.EngineName;
import dev.lockstep.config.RunConfig;
import dev.lockstep.data.DataException;
import dev.lockstep.engine.CancelledException;
import dev.lockstep.engine.DivergedException;
import dev.lockstep.engine.State;
import dev.lockstep.metric.Evaluation;
import dev.lockstep.serialization.model.Model;
import dev.lockstep.spark.ClusterException;
import dev.lockstep.storage.Location;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * A training over the rows of tables in a Spark session that is there, whose result stays in
 * memory. What a configuration says of files and run directories does not matter here.
 *
 * @param name of the run, for those who watch it
 * @param config the settings
 * @param data what is trained on, and what is held out
 * @param keep where its state is kept at the end of epochs, to go on from after a failure; empty
 *     for nowhere
 * @param messages takes sentences for the user
 */
public record TableTraining(
    String name,
    RunConfig config,
    RowData data,
    Optional<Location> keep,
    Consumer<String> messages) {
  private static final int SIGINT = 2;

  /**
   * What came of it.
   *
   * @param model the network and its parameters
   * @param objective mean loss of each epoch, with the parameters of each of its steps; of a part
   *     of an epoch too, if that is all there was
   * @param validated mean loss over the held-out rows, each time
   * @param training over the rows that were trained on
   * @param held over the rows that were held out
   * @param steps steps taken
   */
  public record Result(
      Model model,
      List<Double> objective,
      List<Double> validated,
      Evaluation training,
      Optional<Evaluation> held,
      long steps) {}

  /**
   * Trains.
   *
   * @throws ConfigException for settings that cannot be
   * @throws DataException for rows that cannot be examples
   * @throws DivergedException if training left the finite numbers
   * @throws ClusterException if the cluster could not do it
   */
  public Result run(JavaSparkContext spark) {
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
      History history = new History(run.training().plan());
      return keep.isPresent()
          ? keeping(keep.get(), run, compute, history)
          : train(run, compute, history, history, run.initialState());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Result keeping(Location place, ResolvedRun run, Compute compute, History history)
      throws IOException {
    try (TrainingKeep kept = TrainingKeep.open(place, run, messages)) {
      State start = kept.start(run.initialState());
      TrainingListener keeper = kept.listener(start, history);
      TrainingListener both =
          (result, milestone) -> {
            history.onRound(result, milestone);
            keeper.onRound(result, milestone);
          };
      try {
        Result result = train(run, compute, both, history, start);
        kept.empty();
        return result;
      } catch (RuntimeException e) {
        save(kept);
        throw e;
      }
    }
  }

  /** What goes wrong here does not hide why training ended. */
  private void save(TrainingKeep kept) {
    try {
      kept.save();
    } catch (IOException | RuntimeException e) {
      messages.accept("the state could not be kept: " + e.getMessage());
    }
  }

  private Result train(
      ResolvedRun run, Compute compute, TrainingListener listener, History history, State start) {
    try (Watch watch = Watch.begin(run, name, compute, start.step(), Optional.empty(), messages)) {
      compute.engine().watch(watch::onStep);
      TrainingListener both =
          (result, milestone) -> {
            listener.onRound(result, milestone);
            watch.onRound(result, milestone);
          };
      Trainer trainer =
          new Trainer(
              compute,
              run.rounds(),
              run.milestones(compute.training()),
              both,
              new DivergenceReport(compute, data.train(), both));
      try {
        Result result = result(run, compute, trainer.train(start), history);
        watch.finished(new Compute.Scores(result.training(), Optional.empty()));
        return result;
      } catch (CancelledException e) {
        String message = "training was interrupted after step %d".formatted(history.steps());
        watch.ended(ExitCode.ofSignal(SIGINT), message);
        throw new ClusterException(message, e);
      } catch (RuntimeException e) {
        watch.ended(ExitCode.of(e), String.valueOf(e.getMessage()));
        throw e;
      }
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
        history.objective(),
        history.validated(),
        compute.evaluate(parameters).train(),
        data.validation().map(rows -> compute.validate(parameters)),
        end.step());
  }
}
