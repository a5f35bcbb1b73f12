package dev.lockstep.bench;

import dev.lockstep.bench.Stopwatch.Gap;
import dev.lockstep.bench.Stopwatch.Tally;
import dev.lockstep.bench.Table.Column;
import dev.lockstep.data.ExampleSource;
import dev.lockstep.data.Shard;
import dev.lockstep.engine.LocalEngine;
import dev.lockstep.engine.State;
import dev.lockstep.engine.Training;
import dev.lockstep.init.InitScheme;
import dev.lockstep.kernel.Kernels;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleSupplier;

/**
 * A whole training step of the reference engine, and where its time goes. Two engines take turns
 * round by round: a plain one, whose speed counts, and one with a {@link Stopwatch} around every
 * call of the arithmetic. What lies between two calls is known by its neighbours: rows are
 * assembled before the first layer, sums of blocks merged behind the last weight gradient. The
 * parts add up to the step that was timed.
 */
public final class StepBench {
  private static final String ASSEMBLY = "batch assembly";
  private static final String MERGING = "merging of sums";
  private static final String MEAN = "mean";
  private static final String REST = "rest";
  private static final int TURN_ROWS = 1 << 14;
  private static final int WARM_UP_TURNS = 12;
  private static final int TURNS = 15;

  private StepBench() {}

  /**
   * Measures.
   *
   * @param trainings one for each size of batch
   * @param source the training set
   */
  public static Report run(
      List<Training> trainings, ExampleSource source, InitScheme init, Kernels kernels)
      throws IOException {
    Table speeds =
        new Table(
            "One thread, whole steps: medians of %d turns".formatted(TURNS),
            new Column("batch", "batch", "%d"),
            new Column("shards", "shards", "%d"),
            new Column("samples/s", "samples_per_second", "%,.0f"),
            new Column("best", "samples_per_second_best", "%,.0f"),
            new Column("us a step", "micros", "%,.1f"),
            new Column("GFLOP/s", "gflops", "%.1f"),
            new Column("timers cost", "timers", "%.3f"));
    List<Table> tables = new ArrayList<>(List.of(speeds));
    for (Training training : trainings) {
      List<Shard> shards =
          Shard.read(source, training.plan(), 0, training.plan().shards(), training.classes());
      tables.add(measure(training, shards, init, kernels, speeds));
    }
    return new Report(kernels.name(), tables);
  }

  private static Table measure(
      Training training, List<Shard> shards, InitScheme init, Kernels kernels, Table speeds) {
    int batch = training.plan().batchSize();
    int steps = (int) Math.max(1, Math.min(TURN_ROWS / batch, training.plan().stepsOf(0)));
    Stopwatch watch = new Stopwatch();
    State first = State.initial(training, init.parameters(training.network().layout(), 1));
    Side plain = new Side(new LocalEngine(training, shards, kernels), first);
    Side timed =
        new Side(
            new LocalEngine(Timed.training(training, watch), shards, Timed.kernels(kernels, watch)),
            first);
    DoubleSupplier withTimers =
        () -> {
          watch.start();
          double nanos = timed.step(steps);
          watch.stop();
          return nanos;
        };
    List<DoubleSupplier> sides = List.of(() -> plain.step(steps), withTimers);
    Turns.of(0, WARM_UP_TURNS, sides);
    watch.clear();
    Turns turns = Turns.of(0, TURNS, sides);
    Samples step = turns.of(0);
    long flops = Product.flops(training.network(), batch);
    speeds.add(
        batch,
        training.plan().shards(),
        batch * 1e9 / step.median(),
        batch * 1e9 / step.min(),
        step.median() / 1e3,
        flops / step.median(),
        turns.ratios(1, 0).median());
    return parts(training, watch, TURNS * steps);
  }

  private static Table parts(Training training, Stopwatch watch, int steps) {
    int batch = training.plan().batchSize();
    Table table =
        new Table(
            "Where the time of a step goes, batch %d".formatted(batch),
            Column.text("part", "part"),
            new Column("us a step", "micros", "%,.1f"),
            new Column("share", "share", "%.3f"),
            new Column("GFLOP/s", "gflops", "%.1f"));
    Map<String, Long> flops = new LinkedHashMap<>();
    for (Product product : Product.of(training.network(), batch)) {
      String name = Timed.name(product.direction(), product.inputs(), product.outputs());
      flops.merge(name, product.flops(), Long::sum);
    }
    Map<String, Double> nanos = split(watch);
    double total = nanos.values().stream().mapToDouble(n -> n).sum();
    nanos.forEach(
        (part, sum) -> {
          long work = flops.getOrDefault(part, 0L);
          double perStep = sum / steps;
          table.add(part, perStep / 1e3, sum / total, work == 0 ? null : work / perStep);
        });
    table.add("step, with timers", total / steps / 1e3, 1.0, null);
    return table;
  }

  /** Nanoseconds of all parts of a step: phases and gaps, in the order of a step. */
  static Map<String, Double> split(Stopwatch watch) {
    Map<String, Double> parts = new LinkedHashMap<>();
    parts.put(ASSEMBLY, 0.0);
    double rest = 0;
    double mean = 0;
    double merging = 0;
    Tally firstBlocks = new Tally(0, 0);
    Tally laterBlocks = new Tally(0, 0);
    for (Map.Entry<Gap, Tally> entry : watch.gaps().entrySet()) {
      String before = entry.getKey().before();
      String after = entry.getKey().after();
      Tally gap = entry.getValue();
      if (after.startsWith(Direction.FORWARD.toString()) && isBackward(before)) {
        laterBlocks = plus(laterBlocks, gap);
      } else if (after.startsWith(Direction.FORWARD.toString()) && isBeginning(before)) {
        firstBlocks = plus(firstBlocks, gap);
      } else if (isBackward(before) && after.equals(Timed.RATE)) {
        merging += gap.nanos();
      } else if (after.equals(Timed.NORM) && !before.equals(Timed.NORM)) {
        mean += gap.nanos();
      } else {
        rest += gap.nanos();
      }
    }
    // The first block of a step has nothing to merge; later ones are assembled as fast.
    double assembly =
        Math.min(
            (double) laterBlocks.nanos(),
            (double) firstBlocks.nanos() / Math.max(1, firstBlocks.times()) * laterBlocks.times());
    merging += laterBlocks.nanos() - assembly;
    parts.put(ASSEMBLY, firstBlocks.nanos() + assembly);
    for (Map.Entry<String, Long> phase : watch.phases().entrySet()) {
      if (phase.getKey().equals(Timed.RATE)) {
        rest += phase.getValue();
      } else {
        parts.put(phase.getKey(), (double) phase.getValue());
      }
    }
    parts.put(MERGING, merging);
    parts.put(MEAN, mean);
    parts.put(REST, rest);
    return parts;
  }

  private static boolean isBackward(String phase) {
    return phase.startsWith(Direction.WEIGHT_GRADIENT.toString());
  }

  private static boolean isBeginning(String phase) {
    return phase.startsWith(Direction.TRANSPOSE.toString())
        || phase.equals(Timed.RATE)
        || phase.equals(Stopwatch.EDGE);
  }

  private static Tally plus(Tally a, Tally b) {
    return new Tally(a.nanos() + b.nanos(), a.times() + b.times());
  }
}
