package dev.lockstep.init;

import dev.lockstep.setting.Kinds;

/** The schemes of initial weights by name. */
public final class InitSchemes {
  /** Those of Lockstep and of users' jars. */
  public static final Kinds<InitKind> KINDS = new Kinds<>(InitKind.class, "init.scheme");

  private InitSchemes() {}
}
