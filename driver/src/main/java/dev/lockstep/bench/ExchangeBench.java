package dev.lockstep.bench;

import dev.lockstep.bench.Table.Column;
import dev.lockstep.config.RunConfig;
import dev.lockstep.data.BatchPlan;
import dev.lockstep.data.Shard;
import dev.lockstep.data.Split;
import dev.lockstep.data.SyntheticDigits;
import dev.lockstep.engine.Engine;
import dev.lockstep.engine.LocalEngine;
import dev.lockstep.engine.Round;
import dev.lockstep.engine.RoundResult;
import dev.lockstep.engine.State;
import dev.lockstep.engine.Training;
import dev.lockstep.init.InitScheme;
import dev.lockstep.kernel.KernelChoice;
import dev.lockstep.spark.AllReduceEngine;
import dev.lockstep.spark.SparkSettings;
import dev.lockstep.spark.SparkShards;
import dev.lockstep.spark.TreeEngine;
import dev.lockstep.spark.exchange.Hub;
import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;

/**
 * What coordination costs: steps of one example a rank, so that next to nothing is computed but
 * every rank gives and takes all parameters. Beside them, in turns, the same step of one rank
 * without Spark, and a bare Spark job that broadcasts and collects as many bytes from as many
 * tasks.
 */
public final class ExchangeBench {
  private static final int EXAMPLES = 4096;
  private static final int WARM_UP_TURNS = 4;
  private static final int TURNS = 9;
  private static final int STEPS = 400;
  private static final int JOBS = 15;

  private final JavaSparkContext spark;
  private final RunConfig config;
  private final Consumer<String> progress;

  /** In a session, for the network and optimiser of a configuration. */
  public ExchangeBench(JavaSparkContext spark, RunConfig config, Consumer<String> progress) {
    this.spark = spark;
    this.config = config;
    this.progress = progress;
  }

  /** Measures, for each number of ranks; there must be a slot for each. */
  public Report run(List<Integer> ranks) throws IOException {
    Table table =
        new Table(
            "Coordination: steps of one example a rank, medians of %d turns".formatted(TURNS),
            new Column("ranks", "ranks", "%d"),
            new Column("parameters", "parameters", "%,d"),
            new Column("alone, us", "alone_micros", "%,.0f"),
            new Column("allreduce, us", "allreduce_micros", "%,.0f"),
            new Column("it adds, us", "allreduce_added_micros", "%,.0f"),
            new Column("between rounds, ms", "between_rounds_millis", "%.1f"),
            new Column("new stage, ms", "new_stage_millis", "%.1f"),
            new Column("tree, us", "tree_micros", "%,.0f"),
            new Column("bare job, us", "bare_micros", "%,.0f"),
            new Column("tree / bare", "tree_over_bare", "%.2f"));
    for (int count : ranks) {
      measure(count, table);
      progress.accept("%d ranks: done".formatted(count));
    }
    return new Report(KernelChoice.of(config.kernel()).kernels().name(), List.of(table));
  }

  private void measure(int ranks, Table table) throws IOException {
    SyntheticDigits source = new SyntheticDigits(EXAMPLES, 1, Split.TRAIN);
    Training one = training(source, 1);
    Training all = training(source, ranks);
    SparkSettings settings =
        new SparkSettings(
            config.kernel(),
            1,
            config.exchange().timeout().toMillis(),
            new Hub.Listen(config.exchange().host(), config.exchange().port()));
    List<Shard> shards = Shard.read(source, one.plan(), 0, 1, one.network().outputs());
    try (SparkShards spread =
            SparkShards.load(spark, source, all.plan(), ranks, all.network().outputs());
        Side alone =
            new Side(
                new LocalEngine(one, shards, KernelChoice.of(config.kernel()).kernels()), one);
        Side allReduce = new Side(new AllReduceEngine(spark, all, spread, settings), all);
        Side tree = new Side(new TreeEngine(spark, all, spread, settings), all)) {
      double[][] nanos = new double[6][TURNS];
      for (int turn = -WARM_UP_TURNS; turn < TURNS; turn++) {
        double[] now = {
          allReduce.step(STEPS),
          allReduce.between(),
          allReduce.toFirst(),
          // Meanwhile the ranks give up waiting for another round, so that the next job has slots.
          alone.step(STEPS),
          tree.step(JOBS),
          bareJob(ranks, all.network().layout().length())
        };
        for (int i = 0; turn >= 0 && i < now.length; i++) {
          nanos[i][turn] = now[i];
        }
      }
      double allReduceStep = Samples.of(nanos[0]).median();
      double aloneStep = Samples.of(nanos[3]).median();
      table.add(
          ranks,
          all.network().layout().parameters(),
          aloneStep / 1e3,
          allReduceStep / 1e3,
          (allReduceStep - aloneStep) / 1e3,
          Samples.of(nanos[1]).median() / 1e6,
          Samples.of(nanos[2]).median() / 1e6,
          Samples.of(nanos[4]).median() / 1e3,
          Samples.of(nanos[5]).median() / 1e3,
          Samples.ratios(nanos[4], nanos[5]).median());
    }
  }

  private Training training(SyntheticDigits source, int ranks) {
    Training training = config.toTraining(source.examples(), source.features());
    return new Training(
        training.network(),
        training.loss(),
        training.optimizer(),
        training.schedule(),
        new BatchPlan(source.examples(), ranks, ranks, 1, true));
  }

  /** A job that does what a step must: parameters to every task, as many floats from each. */
  private double bareJob(int ranks, int length) {
    float[] parameters = new float[length];
    List<Integer> ids = IntStream.range(0, ranks).boxed().toList();
    long start = System.nanoTime();
    for (int job = 0; job < JOBS; job++) {
      Broadcast<float[]> sent = spark.broadcast(parameters);
      JavaRDD<float[]> copies = spark.parallelize(ids, ranks).map(rank -> sent.value().clone());
      if (copies.collect().size() != ranks) {
        throw new IllegalStateException("a task gave no result");
      }
      sent.destroy();
    }
    return (double) (System.nanoTime() - start) / JOBS;
  }

  /** An engine with the state that it has come to. */
  private static final class Side implements AutoCloseable {
    private final Engine engine;
    private State state;
    private double toFirst;
    private double between;

    Side(Engine engine, Training training) {
      this.engine = engine;
      this.state =
          State.initial(training, InitScheme.HE_NORMAL.parameters(training.network().layout(), 1));
    }

    /** Nanoseconds of a step, over a round of so many; a short round follows it at once. */
    double step(int steps) {
      RoundResult first = round(steps);
      toFirst = between;
      RoundResult unused = round(1);
      return (double) first.nanos() / steps;
    }

    private RoundResult round(int steps) {
      long start = System.nanoTime();
      RoundResult result = engine.advance(state, new Round(state.step(), steps));
      between = (double) (System.nanoTime() - start - result.nanos());
      state = result.state();
      return result;
    }

    /** Nanoseconds of a round that followed another at once, beside its step. */
    double between() {
      return between;
    }

    /** Nanoseconds of a round that followed a pause, beside its steps. */
    double toFirst() {
      return toFirst;
    }

    @Override
    public void close() {
      engine.close();
    }
  }
}
