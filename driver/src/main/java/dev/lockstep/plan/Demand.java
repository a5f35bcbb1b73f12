package dev.lockstep.plan;

import dev.lockstep.bench.cost.Cluster;
import dev.lockstep.bench.cost.Phase;
import dev.lockstep.bench.cost.Scheme;
import dev.lockstep.bench.cost.Work;
import dev.lockstep.engine.Training;
import dev.lockstep.gradient.ShardGradients;
import dev.lockstep.network.Network;
import dev.lockstep.network.ParameterTensor;
import dev.lockstep.network.Workspace;
import dev.lockstep.plan.Needs.Item;
import dev.lockstep.spark.SparkShards;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.IntStream;

/**
 * What a run demands of driver and executors, counted from the sizes of its parts.
 *
 * @param training what is trained
 * @param examples of the training set, of what is held out, and of the test set, together
 * @param exampleBytes of one, with its label
 * @param dataLimit bytes of examples that a rank keeps in its heap, if there is a limit
 */
public record Demand(Training training, long examples, int exampleBytes, OptionalLong dataLimit) {
  /** What the heap of an idle executor has: Spark's own objects. */
  private static final long SPARK = 160L << 20;

  /** What an idle executor has outside it: classes, compiled code, threads' stacks. */
  private static final long JVM = 250L << 20;

  /** Frames that are sent, frames that came, and the sums that were in them. */
  private static final int COPIES_OF_FRAMES = 3;

  private static final String SPARKS_OWN = "Spark's own";

  /** States that a driver has: of the round, after it, and in the checkpoint that is written. */
  private static final int STATES_OF_DRIVER = 3;

  private Network network() {
    return training.network();
  }

  /** Bytes of a vector of all parameters, with padding. */
  public long vector() {
    return (long) network().layout().length() * Float.BYTES;
  }

  /** Bytes of parameters and slots. */
  public long state() {
    return (1L + training.slots().size()) * vector();
  }

  Work work() {
    return new Work(network().layout(), training.plan().largestBatch(), training.plan().shards());
  }

  /** Bytes that the busiest executor sends or takes in a step, whichever are more. */
  public long sentInStep(Cluster cluster) {
    return Scheme.DIRECT.phases(work(), cluster).stream().mapToLong(Phase::bytes).sum();
  }

  /** What one of the executors holds. */
  public Needs executor(Cluster cluster) {
    return new Needs(
        List.of(
            new Item(SPARKS_OWN, SPARK),
            shards(cluster),
            new Item("state, as it was sent", state()),
            new Item("state, as it was received", state()),
            new Item("state at work", state()),
            gradients(cluster),
            scratch(cluster),
            new Item("frames, packed and unpacked", COPIES_OF_FRAMES * sentInStep(cluster))),
        outside(sentInStep(cluster)));
  }

  private static List<Item> outside(long transport) {
    return List.of(new Item("the JVM's own", JVM), new Item("frames on their way", transport));
  }

  /** What the driver holds. */
  public Needs driver() {
    return new Needs(
        List.of(
            new Item(SPARKS_OWN, SPARK),
            new Item("states", STATES_OF_DRIVER * state()),
            new Item("state, as it is sent", state()),
            new Item("a vector on its way to a checkpoint", vector() + largestTensor())),
        outside(0));
  }

  /** What one JVM holds that is both: the state is not received, but there. */
  public Needs both(Cluster cluster) {
    return new Needs(
        List.of(
            new Item(SPARKS_OWN, SPARK),
            shards(cluster),
            new Item("states", STATES_OF_DRIVER * state()),
            new Item("state, as it is sent", state()),
            new Item("state at work", state()),
            gradients(cluster),
            scratch(cluster),
            new Item("a vector on its way to a checkpoint", vector() + largestTensor())),
        outside(0));
  }

  private Item shards(Cluster cluster) {
    long ofRank = ((examples - 1) / cluster.totalRanks() + 1) * exampleBytes;
    boolean isInHeap = dataLimit.isEmpty() || ofRank <= dataLimit.getAsLong();
    return new Item("shards", isInHeap ? ofRank * cluster.ranks() : 0);
  }

  /** Those of the ranks, and where slices of several ranks meet. */
  private Item gradients(Cluster cluster) {
    int ranks = cluster.totalRanks();
    int ofRank =
        IntStream.range(0, ranks)
            .map(
                rank ->
                    ShardGradients.gradients(
                        network(),
                        training.plan(),
                        training.noise(),
                        first(rank, ranks),
                        first(rank + 1, ranks)))
            .max()
            .orElseThrow();
    long merged = ranks > 1 ? 2 * vector() : 0;
    return new Item("gradients", ofRank * vector() * cluster.ranks() + merged);
  }

  private Item scratch(Cluster cluster) {
    int rows =
        (int) Math.min(network().blockRows(), work().examplesOfBusiest(cluster.totalRanks()));
    return new Item(
        "activations, transposed weights",
        Workspace.floats(network(), rows) * Float.BYTES * cluster.ranks());
  }

  private int first(int rank, int ranks) {
    return SparkShards.firstShard(rank, ranks, training.plan().shards());
  }

  private long largestTensor() {
    return network().layout().tensors().stream().mapToLong(ParameterTensor::size).max().orElse(0)
        * Float.BYTES;
  }
}
