package dev.lockstep.bench;

import dev.lockstep.bench.Table.Column;
import dev.lockstep.config.RunConfig;
import dev.lockstep.data.BatchPlan;
import dev.lockstep.data.Shard;
import dev.lockstep.data.Split;
import dev.lockstep.data.SyntheticDigits;
import dev.lockstep.engine.LocalEngine;
import dev.lockstep.engine.Training;
import dev.lockstep.kernel.KernelChoice;
import dev.lockstep.kernel.Kernels;
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
    return new Report(kernels().name(), List.of(table));
  }

  private void measure(int ranks, Table table) throws IOException {
    SyntheticDigits source = new SyntheticDigits(EXAMPLES, 1, Split.TRAIN);
    Training one = training(source, 1);
    Training all = training(source, ranks);
    List<Shard> shards = Shard.read(source, one.plan(), 0, 1, one.network().outputs());
    try (Side alone = Side.of(new LocalEngine(one, shards, kernels()), one);
        Ranks together = new Ranks(spark, config, all, source, ranks);
        Side allReduce = together.allReduce();
        Side tree = together.tree()) {
      Turns turns =
          Turns.of(
              WARM_UP_TURNS,
              TURNS,
              List.of(
                  () -> allReduce.step(STEPS),
                  allReduce::beside,
                  allReduce::besideNext,
                  // Meanwhile ranks give up waiting for another round: the next job has slots.
                  () -> alone.step(STEPS),
                  () -> tree.step(JOBS),
                  () -> bareJob(ranks, all.network().layout().length())));
      table.add(
          ranks,
          all.network().layout().parameters(),
          turns.median(3) / 1e3,
          turns.median(0) / 1e3,
          (turns.median(0) - turns.median(3)) / 1e3,
          turns.median(2) / 1e6,
          turns.median(1) / 1e6,
          turns.median(4) / 1e3,
          turns.median(5) / 1e3,
          turns.ratios(4, 5).median());
    }
  }

  private Kernels kernels() {
    return KernelChoice.of(config.kernel()).kernels();
  }

  private Training training(SyntheticDigits source, int ranks) {
    Training training = config.toTraining(source.examples(), source.features());
    return new Training(
        training.network(),
        training.loss(),
        training.update(),
        new BatchPlan(source.examples(), ranks, ranks, 1, true),
        1);
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
}
