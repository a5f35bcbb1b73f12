package dev.lockstep.optimizer;

import java.util.List;

/** Gradient descent: {@code p = p - rate g}. */
public record Sgd() implements Optimizer {
  @Override
  public String name() {
    return "sgd";
  }

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
}
