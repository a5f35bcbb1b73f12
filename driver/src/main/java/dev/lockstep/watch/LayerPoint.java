package dev.lockstep.watch;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import dev.lockstep.engine.LayerHealth;

/**
 * How a layer did in an epoch; NaN for a figure that it has not.
 *
 * @param index its place in the network, from 1; 0 for what normalises inputs
 * @param layer as it describes itself
 * @param weightNorm Euclidean norm of its parameters
 * @param gradientNorm of their mean gradient, over the epoch
 * @param updateRatio the last update as a part of the weights
 * @param activity what {@code fraction} is of: {@code dead}, {@code saturated}; may be empty
 * @param fraction of units or outputs, in [0, 1]
 * @param warning what is wrong and what usually helps; empty if nothing is
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record LayerPoint(
    int index,
    String layer,
    double weightNorm,
    double gradientNorm,
    double updateRatio,
    String activity,
    double fraction,
    String warning) {
  public LayerPoint {
    layer = Absent.text(layer);
    activity = Absent.text(activity);
    warning = Absent.text(warning);
  }

  static LayerPoint of(LayerHealth health) {
    return new LayerPoint(
        health.index(),
        health.layer(),
        health.norms().map(LayerHealth.Norms::weights).orElse(Double.NaN),
        health.norms().map(LayerHealth.Norms::gradients).orElse(Double.NaN),
        health.norms().map(LayerHealth.Norms::updateRatio).orElse(Double.NaN),
        health.activity().figure(),
        health.activity().isEmpty() ? Double.NaN : health.activity().fraction(),
        health.warning().orElse(""));
  }
}
