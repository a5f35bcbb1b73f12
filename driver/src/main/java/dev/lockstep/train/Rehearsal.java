package dev.lockstep.train;

import dev.lockstep.data.BatchPlan;
import dev.lockstep.data.HeapShard;
import dev.lockstep.data.Shard;
import dev.lockstep.engine.LocalEngine;
import dev.lockstep.engine.Round;
import dev.lockstep.engine.State;
import dev.lockstep.engine.Training;
import dev.lockstep.kernel.Kernels;
import dev.lockstep.metric.Evaluation;
import dev.lockstep.network.Network;
import dev.lockstep.network.NetworkParser;
import dev.lockstep.schedule.Constant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A miniature of a run: the same kinds of layers, loss, optimiser and kernels, over empty examples
 * and at a rate of 0. It is trained and thrown away while Spark starts in this JVM, so that the
 * kernels are machine code by the time of the first step.
 *
 * <p>Until the compiler has made vector instructions of them, they are slower by a factor of a
 * hundred. It compiles what is called often, however little is computed in a call: so small
 * matrices come to the same end with a small part of the work.
 */
final class Rehearsal implements AutoCloseable {
  /** A whole number of two to nine digits, and no part of a fraction. */
  private static final Pattern NUMBER = Pattern.compile("(?<![\\d.])\\d{2,9}(?![\\d.])");

  /** The most units of a layer: two panels, so that loops over panels go round. */
  private static final int UNITS = 64;

  private static final int SHARDS = 8;

  /** The most rows of a shard in a step: what {@code shards = auto} makes. */
  private static final int ROWS = 16;

  private static final int STEPS = 32;

  private final Training training;
  private final List<Shard> shards = new ArrayList<>();
  private final Kernels kernels;
  private volatile boolean isOver;

  private Rehearsal(Training training, Kernels kernels) {
    this.training = training;
    this.kernels = kernels;
    for (int s = 0; s < training.plan().shards(); s++) {
      int items = training.plan().itemsOf(s);
      int features = training.network().inputs();
      shards.add(new HeapShard(s, features, new byte[items * features], new int[items]));
    }
  }

  /** The rehearsal of a run, not begun. */
  static Rehearsal of(ResolvedRun run) {
    Training full = run.training();
    int inputs = Math.min(full.network().inputs(), UNITS);
    Network network = NetworkParser.parse(inputs, narrow(run.config().layers()));
    Training small =
        new Training(
            network, full.loss(), full.update().optimizer(), new Constant(0), small(full.plan()));
    return new Rehearsal(small, run.kernel().kernels());
  }

  /** The last layer keeps its outputs, which suit the loss. */
  private static List<String> narrow(List<String> layers) {
    List<String> narrow = new ArrayList<>(layers);
    narrow.subList(0, layers.size() - 1).replaceAll(Rehearsal::narrow);
    return narrow;
  }

  private static String narrow(String layer) {
    return NUMBER
        .matcher(layer)
        .replaceAll(units -> String.valueOf(Math.min(Integer.parseInt(units.group()), UNITS)));
  }

  /** One batch an epoch, with as many rows of a shard as in the run. */
  private static BatchPlan small(BatchPlan full) {
    int shards = Math.min(full.shards(), SHARDS);
    int rows = Math.min((full.largestBatch() + full.shards() - 1) / full.shards(), ROWS);
    return new BatchPlan((long) shards * rows, shards * rows, shards, full.seed(), full.shuffled());
  }

  /** Begins in a thread of its own. */
  void begin() {
    Thread thread = new Thread(this::run, "lockstep-rehearsal");
    thread.setDaemon(true);
    thread.start();
  }

  /** Trains and evaluates, until enough is compiled or the run is ready to begin. */
  void run() {
    float[] zeros = new float[training.network().layout().length()];
    State state = State.initial(training, zeros);
    try (LocalEngine engine = new LocalEngine(training, shards, kernels)) {
      for (int step = 0; step < STEPS && !isOver; step++) {
        state = engine.advance(state, new Round(step, 1)).state();
        Evaluation unused =
            Evaluation.of(training.network(), training.loss(), zeros, shards, kernels);
      }
    }
  }

  /** The run begins: what is not compiled by now will be on the way. */
  @Override
  public void close() {
    isOver = true;
  }
}
