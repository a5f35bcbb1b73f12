package dev.lockstep.engine;

import dev.lockstep.kernel.Panels;
import dev.lockstep.layer.Health;
import dev.lockstep.layer.Layer;
import dev.lockstep.layer.Normalize;
import dev.lockstep.network.ParameterLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How a layer did in an epoch.
 *
 * @param index its place in the network, from 1; 0 for what normalises inputs
 * @param layer as it describes itself
 * @param norms of what it learns; empty if it learns nothing
 * @param activity of its units; {@link Health#NONE} if nothing is counted
 */
public record LayerHealth(int index, String layer, Optional<Norms> norms, Health activity) {
  /** An update larger than this part of the weights throws away what they were. */
  private static final double LARGEST_UPDATE = 0.1;

  /**
   * Euclidean norms of a layer's parameters, biases among them.
   *
   * @param weights at the end of the epoch
   * @param gradients of the mean gradient: the root of the mean square over the epoch's steps
   * @param update of the change by the epoch's last step
   */
  public record Norms(double weights, double gradients, double update) {
    /** The update as a part of the weights: about 0.001 in most runs that go well. */
    public double updateRatio() {
      return weights == 0 ? 0 : update / weights;
    }
  }

  /**
   * Of all layers that have something to say.
   *
   * @param state at the end of an epoch
   */
  public static List<LayerHealth> of(Training training, State state) {
    EpochSums epoch = state.monitors().epoch();
    long[] counts = epoch.counts().stream().mapToLong(Long::longValue).toArray();
    List<Health> activities = training.network().health(counts, epoch.examples());
    double[] weights = weightSquares(training.network().layout(), state.parameters().toFlat());
    List<LayerHealth> all = new ArrayList<>();
    int matrix = 0;
    int first = training.network().layers().get(0) instanceof Normalize ? 0 : 1;
    for (int l = 0; l < activities.size(); l++) {
      Layer layer = training.network().layers().get(l);
      Optional<Norms> norms = Optional.empty();
      if (!layer.tensors().isEmpty()) {
        double steps = (double) training.plan().stepsOf(training.plan().epochOf(state.step() - 1));
        norms =
            Optional.of(
                new Norms(
                    Math.sqrt(weights[matrix]),
                    Math.sqrt(epoch.gradients().get(matrix) / steps),
                    Math.sqrt(epoch.updates().get(matrix))));
        matrix++;
      }
      if (norms.isPresent() || !activities.get(l).isEmpty()) {
        all.add(new LayerHealth(first + l, layer.describe(), norms, activities.get(l)));
      }
    }
    return all;
  }

  private static double[] weightSquares(ParameterLayout layout, float[] parameters) {
    double[] squares = new double[layout.matrices()];
    for (int p = 0; p < layout.panels(); p++) {
      int from = layout.panelOffset(p);
      double sum = 0;
      for (int i = from; i < from + layout.panelRows(p) * Panels.WIDTH; i++) {
        sum += (double) parameters[i] * parameters[i];
      }
      squares[layout.matrixOf(p)] += sum;
    }
    return squares;
  }

  /** What is wrong, in one line with what usually helps; empty if nothing is. */
  public Optional<String> warning() {
    if (activity.fraction() > activity.limit()) {
      return Optional.of(
          sentence("%.0f %% %s".formatted(100 * activity.fraction(), activity.figure()))
              + activity.remedy());
    }
    if (norms.isEmpty()) {
      return Optional.empty();
    }
    if (norms.get().gradients() == 0) {
      return Optional.of(
          sentence("the gradient is 0 for the whole epoch")
              + "it learns nothing; initial weights that are not 0, such as he-normal, usually help");
    }
    if (norms.get().updateRatio() > LARGEST_UPDATE) {
      return Optional.of(
          sentence("an update is %.2f of the weights".formatted(norms.get().updateRatio()))
              + "a lower learning rate or warm-up usually helps");
    }
    return Optional.empty();
  }

  private String sentence(String figure) {
    return "layer %d (%s): %s; ".formatted(index, layer, figure);
  }
}
