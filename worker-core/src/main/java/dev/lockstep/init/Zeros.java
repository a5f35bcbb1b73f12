package dev.lockstep.init;

import dev.lockstep.setting.Settings;

/**
 * {@code zeros}: right for a network without hidden layers, useless for any other. They are those
 * of a uniform distribution without width, of either sign.
 */
public record Zeros() implements InitKind {
  @Override
  public String name() {
    return "zeros";
  }

  @Override
  public String meaning() {
    return "0";
  }

  @Override
  public InitScheme create(Settings settings) {
    return new Uniform(0);
  }
}
