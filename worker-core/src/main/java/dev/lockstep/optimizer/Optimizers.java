package dev.lockstep.optimizer;

import dev.lockstep.setting.Kinds;

/** The optimisers by name. */
public final class Optimizers {
  /** Those of Lockstep and of users' jars. */
  public static final Kinds<OptimizerKind> KINDS = new Kinds<>(OptimizerKind.class, "optimizer");

  private Optimizers() {}
}
