package dev.lockstep.gradient;

import dev.lockstep.data.BatchPlan;
import dev.lockstep.data.Shard;
import dev.lockstep.gradient.Diagnosis.Symptom;
import dev.lockstep.kernel.Kernels;
import dev.lockstep.kernel.Panels;
import dev.lockstep.kernel.RowSegments;
import dev.lockstep.layer.Rows;
import dev.lockstep.loss.Loss;
import dev.lockstep.network.Network;
import dev.lockstep.network.Workspace;
import dev.lockstep.random.Permutation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/** One shard's part of a step, block after block, looked at after every layer. */
final class DiagnosisPass {
  private static final double INFINITY = Double.POSITIVE_INFINITY;

  private final Network network;
  private final Loss loss;
  private final BatchPlan plan;
  private final Shard shard;
  private final Kernels kernels;
  private final double maxLoss;
  private final MiniBatch batch;
  private final Workspace work;
  private final float[] losses;
  private final float[] gradient;
  private final List<Diagnosis> found = new ArrayList<>();

  DiagnosisPass(
      Network network, Loss loss, BatchPlan plan, Shard shard, Kernels kernels, double maxLoss) {
    this.maxLoss = maxLoss;
    this.network = network;
    this.loss = loss;
    this.plan = plan;
    this.shard = shard;
    this.kernels = kernels;
    int blockRows = network.blockRows();
    this.batch = new MiniBatch(plan, List.of(shard), blockRows, kernels.elements());
    this.work = new Workspace(network, blockRows);
    this.losses = new float[blockRows];
    this.gradient = new float[network.layout().length()];
  }

  Optional<Diagnosis> run(long step, float[] parameters) {
    batch.begin(step);
    network.transpose(kernels, parameters, work);
    int rows = plan.visits(step, shard.index());
    int blockRows = network.blockRows();
    for (int done = 0; done < rows; done += blockRows) {
      int count = Math.min(blockRows, rows - done);
      batch.fill(shard.index(), done, count, work.x());
      block(batch.rows(RowSegments.single(count, done > 0)), parameters, rows);
    }
    if (rows > 0 && found.isEmpty()) {
      look(rows);
    }
    return found.stream().min(Diagnosis.EARLIEST);
  }

  private void block(Rows rows, float[] parameters, int all) {
    boolean isFinite =
        network.forwardWhile(
            kernels,
            rows,
            parameters,
            work,
            (layer, y) ->
                !add(Symptom.OUTPUT, layer, all, rows, row -> isFinite(y, row) ? 0 : INFINITY));
    if (!isFinite) {
      return;
    }
    loss.lossAndGradient(kernels, rows.count(), work.y(), batch.targets(), losses, work.dy());
    int last = network.layers().size() - 1;
    if (!add(
        Symptom.LOSS, last, all, rows, row -> losses[row] <= maxLoss ? 0 : size(losses[row]))) {
      network.backward(kernels, rows, parameters, gradient, work);
    }
  }

  private static double size(float value) {
    return Float.isFinite(value) ? Math.abs(value) : INFINITY;
  }

  /**
   * Notes the rows of a block that show something; whether there are any.
   *
   * @param shows how much a row shows; 0 for nothing
   */
  private boolean add(Symptom symptom, int layer, int all, Rows rows, IntToDoubleFunction shows) {
    Permutation order = plan.dataOrder();
    List<Long> examples = new ArrayList<>();
    double largest = 0;
    for (int row = 0; row < rows.count(); row++) {
      double size = shows.applyAsDouble(row);
      if (size > 0) {
        largest = Math.max(largest, size);
        examples.add(order.apply(Integer.toUnsignedLong(rows.examples()[row])));
      }
    }
    if (examples.isEmpty()) {
      return false;
    }
    found.add(
        new Diagnosis(
            symptom,
            layer,
            shard.index(),
            largest,
            examples.stream().sorted().limit(Diagnosis.MAX_EXAMPLES).toList(),
            examples.size(),
            all));
    return true;
  }

  private static boolean isFinite(Panels y, int row) {
    return IntStream.range(0, y.columns()).allMatch(c -> Float.isFinite(y.get(row, c)));
  }

  /** The gradient over all blocks, layer by layer. */
  private void look(int rows) {
    for (int l = 0; l < network.layers().size(); l++) {
      Panels dw = network.layout().matrix(l, gradient);
      if (dw == null) {
        continue;
      }
      double largest = 0;
      for (int row = 0; row < dw.rows(); row++) {
        for (int c = 0; c < dw.columns(); c++) {
          largest = Math.max(largest, size(dw.get(row, c)));
        }
      }
      boolean isFinite = largest < INFINITY;
      Symptom symptom = isFinite ? Symptom.LARGE : Symptom.GRADIENT;
      found.add(new Diagnosis(symptom, l, shard.index(), largest, List.of(), rows, rows));
    }
  }
}
