package dev.lockstep.layer;

import dev.lockstep.setting.Kinds;

/** The kinds of layers. */
public final class Layers {
  /** Those on the class path. */
  public static final Kinds<LayerKind> KINDS = new Kinds<>(LayerKind.class, "layer");

  private Layers() {}
}
