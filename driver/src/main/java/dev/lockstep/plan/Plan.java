package dev.lockstep.plan;

import dev.lockstep.bench.Table;
import dev.lockstep.bench.Table.Column;
import dev.lockstep.bench.cost.Cluster;
import dev.lockstep.bench.cost.CostModel;
import dev.lockstep.bench.cost.Scheme;
import dev.lockstep.bench.cost.Wire;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;

/**
 * What a run will take on clusters of several sizes, as tables and sentences.
 *
 * @param demand what is counted
 * @param constants what was measured
 * @param resources what there is
 * @param wanted ranks, where the configuration says how many; otherwise all slots are used
 */
public record Plan(Demand demand, Constants constants, Resources resources, OptionalInt wanted) {
  private static final double MEGA = 1 << 20;

  /** What a garbage collector wants besides what is in use. */
  private static final double AIR = 1.25;

  private Cluster cluster(int executors) {
    return executors == 1
        ? Cluster.oneExecutor(resources.ranks())
        : Cluster.of(executors, resources.ranks(), 1, Wire.gigabits(resources.gigabits()));
  }

  private CostModel model() {
    return constants.model(demand.training());
  }

  private double step(int executors) {
    return model().step(demand.work(), cluster(executors), Scheme.DIRECT).total();
  }

  private int shards() {
    return demand.training().plan().shards();
  }

  /** Powers of two, up to the shards. */
  private List<Integer> executors() {
    List<Integer> counts = new ArrayList<>();
    for (int e = 1; e * resources.ranks() <= shards(); e *= 2) {
      counts.add(e);
    }
    return counts;
  }

  /** The cluster that the run will want. */
  private Cluster given() {
    int ranks = wanted.orElse(Math.min(resources.slots(), shards()));
    return resources.isOneJvm()
        ? Cluster.oneExecutor(ranks)
        : cluster((ranks - 1) / resources.ranks() + 1);
  }

  /** What it takes, one row for each number of executors. */
  public Table sizes() {
    Table table =
        new Table(
            "Executors of %d %s each, %s Gbit/s between them"
                .formatted(
                    resources.ranks(),
                    resources.ranks() == 1 ? "rank" : "ranks",
                    number(resources.gigabits())),
            new Column("executors", "executors", "%d"),
            new Column("ranks", "ranks", "%d"),
            new Column("examples of a rank", "examples", "%d"),
            new Column("MB sent in a step", "sent_megabytes", "%.2f"),
            new Column("MB of an executor's heap", "heap_megabytes", "%,.0f"),
            new Column("ms a step", "step_millis", "%.2f"),
            new Column("examples/s", "examples_per_second", "%,.0f"),
            new Column("times one executor", "speed_up", "%.2f"));
    double alone = step(1);
    for (int executors : executors()) {
      Cluster cluster = cluster(executors);
      double seconds = step(executors);
      table.add(
          executors,
          cluster.totalRanks(),
          demand.work().examplesOfBusiest(cluster.totalRanks()),
          demand.sentInStep(cluster) / MEGA,
          demand.executor(cluster).heapBytes() / MEGA,
          seconds * 1e3,
          demand.training().plan().largestBatch() / seconds,
          alone / seconds);
    }
    return table;
  }

  /** What memory is needed for, on the cluster that the run will want. */
  public Table memory() {
    Table table =
        new Table(
            "Memory, MB",
            Column.text("JVM", "jvm"),
            Column.text("what", "what"),
            new Column("heap", "heap_megabytes", "%,.1f"),
            new Column("outside", "outside_megabytes", "%,.1f"));
    Cluster cluster = given();
    if (resources.isOneJvm()) {
      add(table, "the only one, of %d ranks".formatted(cluster.totalRanks()), demand.both(cluster));
    } else {
      add(table, "an executor, of " + cluster.executors(), demand.executor(cluster));
      add(table, "the driver", demand.driver());
    }
    return table;
  }

  private static void add(Table table, String jvm, Needs needs) {
    needs.heap().forEach(item -> table.add(jvm, item.what(), item.bytes() / MEGA, null));
    needs.outside().forEach(item -> table.add(jvm, item.what(), null, item.bytes() / MEGA));
    table.add(jvm, "together", needs.heapBytes() / MEGA, needs.outsideBytes() / MEGA);
  }

  /** What to tell spark-submit. */
  public String settings() {
    Cluster cluster = given();
    if (resources.isOneJvm()) {
      return "--driver-memory " + withAir(demand.both(cluster));
    }
    Needs executor = demand.executor(cluster);
    return "--executor-memory %s --driver-memory %s --conf spark.executor.memoryOverhead=%s"
        .formatted(
            withAir(executor), withAir(demand.driver()), megabytes(executor.outsideBytes() * AIR));
  }

  private static String withAir(Needs needs) {
    return megabytes(needs.heapBytes() * AIR);
  }

  private static String megabytes(double bytes) {
    return (long) Math.ceil(bytes / MEGA) + "m";
  }

  /** The bounds, on the cluster that the run will want. */
  public List<Limit> limits() {
    return Limit.of(demand, given(), resources);
  }

  /** Where more executors stop to help. */
  public String breakEven() {
    int best = 1;
    for (int executors : executors()) {
      if (step(executors) < step(best)) {
        best = executors;
      }
    }
    String rests =
        String.format(
            Locale.ROOT,
            "a step of the whole batch takes %.2f ms on one core here; between two JVMs a frame takes %.3f ms, and a MB %.2f ms",
            constants.computing() * 1e3,
            constants.frame() * 1e3,
            constants.perByte() * MEGA * 1e3);
    String verdict =
        best == 1
            ? "a second executor would make a step no faster; a larger batch would"
            : String.format(
                Locale.ROOT,
                "up to %d executors make a step faster, to %.2f ms",
                best,
                step(best) * 1e3);
    return "%s (%s)".formatted(verdict, rests);
  }

  private static String number(double value) {
    return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
  }
}
