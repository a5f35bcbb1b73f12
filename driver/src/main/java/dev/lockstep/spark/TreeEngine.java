package dev.lockstep.spark;

import dev.lockstep.engine.RankTimes;
import dev.lockstep.engine.Round;
import dev.lockstep.engine.RoundResult;
import dev.lockstep.engine.RoundTimes;
import dev.lockstep.engine.State;
import dev.lockstep.engine.TimeSplit;
import dev.lockstep.engine.Training;
import dev.lockstep.engine.WholeRound;
import dev.lockstep.gradient.NodeSum;
import dev.lockstep.gradient.PartialSums;
import dev.lockstep.gradient.ShardGradients;
import dev.lockstep.kernel.KernelChoice;
import dev.lockstep.network.ParameterLayout;
import dev.lockstep.network.Slice;
import java.io.Serializable;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.api.java.function.PairFlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.CollectionAccumulator;
import scala.Tuple2;

/**
 * A step as ordinary Spark work: the parameters are broadcast, every task sums the gradients of its
 * shards, the driver merges the sums along the canonical tree and updates. It needs no slots at the
 * same time, so it works under dynamic allocation, preemption and speculation.
 */
public final class TreeEngine extends RetryingEngine {
  /** 64 MB. */
  private static final long COLLECT_LIMIT = 16L << 20;

  private final ParameterLayout layout;
  private final WholeRound wholeRound;
  private final long collectLimit;
  private final CollectionAccumulator<TaskTime> taskTimes;

  public TreeEngine(
      JavaSparkContext spark, Training training, SparkShards shards, SparkSettings settings) {
    this(spark, training, shards, settings, COLLECT_LIMIT);
  }

  /**
   * With a limit of its own.
   *
   * @param collectLimit above so many floats from all ranks, sums are merged by slice in a shuffle
   */
  public TreeEngine(
      JavaSparkContext spark,
      Training training,
      SparkShards shards,
      SparkSettings settings,
      long collectLimit) {
    super(spark, training, shards, settings);
    this.collectLimit = collectLimit;
    this.layout = training.network().layout();
    this.taskTimes = spark.sc().collectionAccumulator();
    this.wholeRound = new WholeRound(training, KernelChoice.of(settings.kernel()).kernels());
  }

  @Override
  public String name() {
    return "tree";
  }

  @Override
  RoundResult attempt(State state, Round round, int attempt) {
    RankTimes[] ranks = new RankTimes[ranks()];
    Arrays.fill(ranks, new RankTimes("", TimeSplit.NONE));
    RoundResult result =
        wholeRound.run(
            state,
            round,
            (step, parameters) -> {
              taskTimes.reset();
              NodeSum sum = sum(step, parameters, attempt);
              addTimes(ranks);
              return sum;
            },
            this::tell);
    return result.with(exchangeIsTheRest(ranks, result.times()));
  }

  /** Adds a step: where a rank is faster than the slowest, the step waits for that one. */
  private void addTimes(RankTimes[] ranks) {
    long slowest = taskTimes.value().stream().mapToLong(TaskTime::nanos).max().orElse(0);
    for (TaskTime task : taskTimes.value()) {
      TimeSplit step = new TimeSplit(task.nanos(), 0, slowest - task.nanos());
      TimeSplit before = ranks[task.rank()].split();
      ranks[task.rank()] = new RankTimes(task.place(), before.plus(step));
    }
  }

  /** What was neither arithmetic nor waiting: Spark's jobs, and what the driver does. */
  private static RoundTimes exchangeIsTheRest(RankTimes[] ranks, RoundTimes round) {
    long nanos = round.sum().total();
    List<RankTimes> whole =
        Arrays.stream(ranks)
            .map(
                rank -> {
                  TimeSplit split = rank.split();
                  long rest = Math.max(0, nanos - split.total());
                  return new RankTimes(rank.place(), split.plus(new TimeSplit(0, rest, 0)));
                })
            .toList();
    return new RoundTimes(whole, round.steps());
  }

  /** One Spark job: the sums of a step. */
  private NodeSum sum(long step, float[] parameters, int attempt) {
    Broadcast<float[]> sent = spark.broadcast(parameters);
    try {
      JavaRDD<PartialSums> sums =
          shards
              .partitions()
              .map(
                  new SumTask(
                      training,
                      settings.kernel(),
                      step,
                      sent,
                      fault.onAttempt(attempt),
                      taskTimes));
      boolean isSmall = (long) layout.length() * ranks() <= collectLimit;
      return isSmall ? collect(sums) : shuffle(sums);
    } finally {
      sent.destroy();
    }
  }

  private NodeSum collect(JavaRDD<PartialSums> sums) {
    PartialSums all = new PartialSums(training.plan().shards(), 0, layout.length());
    sums.collect().forEach(all::merge);
    return all.total();
  }

  private NodeSum shuffle(JavaRDD<PartialSums> sums) {
    List<Tuple2<Integer, PartialSums>> merged =
        sums.flatMapToPair(new CutBySlice(layout.slices()))
            .reduceByKey(PartialSums::merge)
            .collect();
    float[] gradient = new float[layout.length()];
    NodeSum total = NodeSum.EMPTY;
    for (Tuple2<Integer, PartialSums> slice : merged) {
      total = slice._2().total();
      System.arraycopy(total.gradient(), 0, gradient, total.base(), total.gradient().length);
    }
    return total.withGradient(0, gradient);
  }

  @Override
  String firstFailure(Exception error) {
    return Failures.describe(error);
  }

  @Override
  int slotsNeeded() {
    return 1;
  }

  /** How long a rank took for its part of a step. */
  private record TaskTime(int rank, String place, long nanos) implements Serializable {}

  /** What one rank does in a step. */
  private static final class SumTask implements Function<RankShards, PartialSums> {
    private static final long serialVersionUID = 1;

    private final Training training;
    private final String kernel;
    private final long step;
    private final Broadcast<float[]> parameters;
    private final Fault fault;
    private final CollectionAccumulator<TaskTime> times;

    SumTask(
        Training training,
        String kernel,
        long step,
        Broadcast<float[]> parameters,
        Fault fault,
        CollectionAccumulator<TaskTime> times) {
      this.training = training;
      this.kernel = kernel;
      this.step = step;
      this.parameters = parameters;
      this.fault = fault;
      this.times = times;
    }

    @Override
    public PartialSums call(RankShards shards) {
      long begun = System.nanoTime();
      fault.onAttempt(TaskContext.get().attemptNumber()).check(shards.rank(), step);
      ShardGradients gradients = shards.borrow(training, KernelChoice.of(kernel).kernels());
      PartialSums sums =
          gradients.sum(step, parameters.value()).copyOf(0, training.network().layout().length());
      shards.giveBack(gradients);
      times.add(new TaskTime(shards.rank(), Places.here(), System.nanoTime() - begun));
      return sums;
    }
  }

  /** Cuts the sums of a rank into those of the slices. */
  private static final class CutBySlice
      implements PairFlatMapFunction<PartialSums, Integer, PartialSums> {
    private static final long serialVersionUID = 1;

    private final List<Slice> slices;

    CutBySlice(List<Slice> slices) {
      this.slices = slices;
    }

    @Override
    public Iterator<Tuple2<Integer, PartialSums>> call(PartialSums sums) {
      return IntStream.range(0, slices.size())
          .mapToObj(s -> new Tuple2<>(s, sums.copyOf(slices.get(s).offset(), slices.get(s).end())))
          .iterator();
    }
  }
}
