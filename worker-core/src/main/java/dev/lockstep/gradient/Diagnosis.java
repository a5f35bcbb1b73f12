package dev.lockstep.gradient;

import dev.lockstep.data.BatchPlan;
import dev.lockstep.data.Shard;
import dev.lockstep.kernel.Kernels;
import dev.lockstep.loss.Loss;
import dev.lockstep.network.Network;
import java.io.Serializable;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Where the numbers of a step first leave what float32 can hold, followed in the order in which
 * they are computed.
 *
 * @param symptom what is wrong there
 * @param layer the layer, from 0
 * @param shard the shard in which it is so; the first of several
 * @param magnitude the largest absolute value; infinite where one is not finite
 * @param examples up to {@value #MAX_EXAMPLES} of the shard's examples that show it, by their
 *     places in the training set, ascending; none where only a sum over examples shows it
 * @param count how many examples show it
 * @param rows examples that the shard gives to the step
 */
public record Diagnosis(
    Symptom symptom,
    int layer,
    int shard,
    double magnitude,
    List<Long> examples,
    int count,
    int rows)
    implements Serializable {
  /** The most examples that are named. */
  public static final int MAX_EXAMPLES = 8;

  /** The earlier comes first: what is wrong later follows from it. */
  public static final Comparator<Diagnosis> EARLIEST =
      Comparator.comparing(Diagnosis::symptom)
          .thenComparing(Diagnosis::layerOrder)
          .thenComparing(Comparator.comparingDouble(Diagnosis::magnitude).reversed())
          .thenComparing(Diagnosis::shard);

  /** What can be wrong, in the order in which a step computes it. */
  public enum Symptom {
    /** Outputs of the layer are not finite. */
    OUTPUT,
    /** Outputs are finite, but losses are not, or are beyond measure. */
    LOSS,
    /**
     * Losses are as they should be, but the gradient of the layer's weights, gone backward, is not.
     */
    GRADIENT,
    /** All is finite: the layer has the largest gradient, of which squares or updates overflow. */
    LARGE
  }

  public Diagnosis {
    examples = List.copyOf(examples);
  }

  /** Forward the first layer comes first, backward the last; of large ones only size counts. */
  private int layerOrder() {
    return switch (symptom) {
      case OUTPUT -> layer;
      case GRADIENT -> -layer;
      case LOSS, LARGE -> 0;
    };
  }

  /**
   * Goes through a step once more.
   *
   * @param shards consecutive ones in ascending order
   * @param maxLoss a loss above it is beyond measure
   * @param step the step (from 0)
   * @param parameters those that the step begins with, in panel order
   * @return empty where these shards give the step no example
   */
  public static Optional<Diagnosis> of(
      Network network,
      Loss loss,
      BatchPlan plan,
      List<Shard> shards,
      Kernels kernels,
      double maxLoss,
      long step,
      float[] parameters) {
    return shards.stream()
        .flatMap(
            shard ->
                new DiagnosisPass(network, loss, plan, shard, kernels, maxLoss)
                    .run(step, parameters).stream())
        .min(EARLIEST);
  }
}
