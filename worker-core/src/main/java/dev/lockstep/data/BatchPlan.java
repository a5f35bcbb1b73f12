package dev.lockstep.data;

import dev.lockstep.random.Permutation;
import dev.lockstep.random.Purpose;
import java.io.Serializable;
import java.util.List;

/**
 * Which example is where, and which examples make a step: pure arithmetic of the run's settings.
 *
 * <p>A glossary of its indices:
 *
 * <ul>
 *   <li><b>example</b>: the place of an example in the data set, [0, n);
 *   <li><b>position</b>: its place in the order {@code q}, a permutation keyed by the seed;
 *       position p is item {@code p div V} of shard {@code p mod V};
 *   <li><b>item</b>: its place in its shard;
 *   <li><b>visit</b>: the turn at which an epoch comes to it. In each epoch a shard visits its
 *       items in an order keyed by (seed, epoch, shard);
 *   <li><b>stage</b>: epochs whose batches are of one size;
 *   <li><b>batch</b> t of an epoch covers the places [t·B, min((t+1)·B, n)) of the sequence in
 *       which the shards take turns: place p is visit {@code p div V} of shard {@code p mod V}.
 * </ul>
 *
 * <p>So short batches, remainders and shards without an example in a step need no rule of their
 * own, and nothing depends on partitions, tasks or arrival.
 *
 * @param examples n, at least 1
 * @param batchSize B of the first epoch, at least 1
 * @param shards V, 1 to {@value #MAX_SHARDS}
 * @param seed the run's seed
 * @param shuffled false for file order: both orders are then the identity
 * @param growth how B grows from epoch to epoch; V stays
 */
public record BatchPlan(
    long examples, int batchSize, int shards, long seed, boolean shuffled, BatchGrowth growth)
    implements Serializable {
  /** The most shards a run may have. */
  public static final int MAX_SHARDS = 1 << 16;

  private static final int MIN_AUTO_MICRO_BATCH = 16;
  private static final int MAX_AUTO_SHARDS = 1024;

  public BatchPlan {
    check("examples", examples, Long.MAX_VALUE);
    check("batch-size", batchSize, Integer.MAX_VALUE);
    check("shards", shards, MAX_SHARDS);
  }

  private static void check(String name, long value, long bound) {
    if (value < 1 || value > bound) {
      throw new IllegalArgumentException("%s %d: want 1 to %d".formatted(name, value, bound));
    }
  }

  /** {@code shards = auto}: the largest power of two ≤ B/16, within [1, 1024]. */
  public static int autoShards(int batchSize) {
    int bound = Math.max(1, batchSize / MIN_AUTO_MICRO_BATCH);
    return Math.min(MAX_AUTO_SHARDS, Integer.highestOneBit(bound));
  }

  /** Batches of one size. */
  public BatchPlan(long examples, int batchSize, int shards, long seed, boolean shuffled) {
    this(examples, batchSize, shards, seed, shuffled, BatchGrowth.NONE);
  }

  /**
   * Epochs whose batches are of one size.
   *
   * @param epoch the first one (from 0)
   * @param step its first step (from 0)
   * @param batchSize B
   * @param steps steps of an epoch
   */
  private record Stage(long epoch, long step, int batchSize, long steps) {
    long epochOf(long step) {
      return epoch + (step - this.step) / steps;
    }

    long stepInEpoch(long step) {
      return (step - this.step) % steps;
    }
  }

  private Stage firstStage() {
    return stage(0, 0, 0);
  }

  private Stage stage(long epoch, long step, int passed) {
    int size = growth.batchSize(batchSize, passed, examples);
    return new Stage(epoch, step, size, (examples - 1) / size + 1);
  }

  /** The stage after so many milestones. */
  private Stage after(Stage stage, int passed) {
    long epoch = growth.milestones().get(passed - 1);
    return stage(epoch, stage.step() + (epoch - stage.epoch()) * stage.steps(), passed);
  }

  private Stage stageOfStep(long step) {
    Stage stage = firstStage();
    for (int m = 1; m <= growth.milestones().size(); m++) {
      Stage next = after(stage, m);
      if (step < next.step()) {
        break;
      }
      stage = next;
    }
    return stage;
  }

  private Stage stageOfEpoch(long epoch) {
    Stage stage = firstStage();
    for (int m = 1; m <= growth.milestones().size(); m++) {
      if (epoch < growth.milestones().get(m - 1)) {
        break;
      }
      stage = after(stage, m);
    }
    return stage;
  }

  /** Steps of an epoch (from 0); the last may be short. */
  public long stepsOf(long epoch) {
    return stageOfEpoch(epoch).steps();
  }

  /** The first step (from 0) of an epoch (from 0): the steps of all epochs before. */
  public long firstStepOf(long epoch) {
    Stage stage = stageOfEpoch(epoch);
    return stage.step() + (epoch - stage.epoch()) * stage.steps();
  }

  /** The batch size in an epoch (from 0). */
  public int batchSizeOf(long epoch) {
    return stageOfEpoch(epoch).batchSize();
  }

  /** The first step (from 0) with the largest batch. */
  public long firstLargestStep() {
    List<Integer> milestones = growth.milestones();
    return milestones.isEmpty() ? 0 : firstStepOf(milestones.get(milestones.size() - 1));
  }

  /** The largest batch that a step may have. */
  public int largestBatch() {
    return growth.batchSize(batchSize, growth.milestones().size(), examples);
  }

  /** The epoch (from 0) of a step (from 0). */
  public long epochOf(long step) {
    return stageOfStep(step).epochOf(step);
  }

  /** Epochs that so many steps come to. */
  public double epochs(long steps) {
    Stage stage = stageOfStep(steps);
    return (double) stage.epoch() + (double) (steps - stage.step()) / (double) stage.steps();
  }

  /** Whether a step (from 0) begins an epoch. */
  public boolean isFirstOfEpoch(long step) {
    return stageOfStep(step).stepInEpoch(step) == 0;
  }

  /** Whether a step (from 0) ends an epoch. */
  public boolean isLastOfEpoch(long step) {
    return isFirstOfEpoch(step + 1);
  }

  /** Place of a step's first example in the sequence of its epoch. */
  private long start(long step) {
    Stage stage = stageOfStep(step);
    return stage.stepInEpoch(step) * stage.batchSize();
  }

  /** Examples in a step (from 0). */
  public int examplesOf(long step) {
    return (int) Math.min(stageOfStep(step).batchSize(), examples - start(step));
  }

  /** The fewest steps that have so many examples. */
  public long stepsFor(long count) {
    long epoch = count / examples;
    long left = count % examples;
    return firstStepOf(epoch) + (left == 0 ? 0 : (left - 1) / batchSizeOf(epoch) + 1);
  }

  /** Items of a shard; may be 0. */
  public int itemsOf(int shard) {
    long items = visitsBefore(examples, shard);
    if (items > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "shard %d would hold %d examples; use more shards than %d"
              .formatted(shard, items, shards));
    }
    return (int) items;
  }

  /** First visit of a shard in a step (from 0); its micro-batch ends where the next one begins. */
  public int firstVisit(long step, int shard) {
    return (int) visitsBefore(start(step), shard);
  }

  /** Examples that a shard gives to a step (from 0); may be 0. */
  public int visits(long step, int shard) {
    Stage stage = stageOfStep(step);
    long from = stage.stepInEpoch(step) * stage.batchSize();
    long to = Math.min(from + stage.batchSize(), examples);
    return (int) (visitsBefore(to, shard) - visitsBefore(from, shard));
  }

  /** How many of the first {@code places} places are visits of this shard. */
  private long visitsBefore(long places, int shard) {
    return places <= shard ? 0 : (places - shard - 1) / shards + 1;
  }

  /** The order q: example of a position. */
  public Permutation dataOrder() {
    return shuffled
        ? Permutation.of(examples, seed, Purpose.DATA_ORDER, 0, 0)
        : Permutation.identity(examples);
  }

  /** The order of an epoch (from 0): item of a visit. */
  public Permutation visitOrder(long epoch, int shard) {
    return shuffled
        ? Permutation.of(itemsOf(shard), seed, Purpose.EPOCH_ORDER, (int) epoch, shard)
        : Permutation.identity(itemsOf(shard));
  }
}
