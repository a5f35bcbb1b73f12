package dev.lockstep.optimizer;

import dev.lockstep.setting.Settings;
import java.util.List;

/** Gradient descent: {@code p = p - rate g} (Robbins and Monro 1951). */
public record Sgd() implements Optimizer {
  @Override
  public List<String> slots() {
    return List.of();
  }

  @Override
  public void update(long t, float rate, float[] p, float[] g, float[][] slots, int from, int to) {
    for (int i = from; i < to; i++) {
      p[i] = Math.fma(-rate, g[i], p[i]);
    }
  }

  /** {@code sgd}. */
  public record Kind() implements OptimizerKind {
    @Override
    public String name() {
      return "sgd";
    }

    @Override
    public String meaning() {
      return "p -= rate g";
    }

    @Override
    public Sgd create(Settings settings) {
      return new Sgd();
    }
  }
}
