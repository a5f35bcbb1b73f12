package dev.lockstep.loss;

import dev.lockstep.setting.Kinds;
import dev.lockstep.setting.Settings;
import java.util.List;

/** The losses by name. */
public final class Losses {
  /** Those of Lockstep and of users' jars. */
  public static final Kinds<LossKind> KINDS = new Kinds<>(LossKind.class, "loss");

  private Losses() {}

  /** The names in configurations. */
  public static List<String> names() {
    return KINDS.names();
  }

  /**
   * The loss of a name with its defaults.
   *
   * @throws IllegalArgumentException naming the known ones
   */
  public static Loss of(String name) {
    LossKind kind = KINDS.get(name);
    return kind.create(Settings.defaults(kind));
  }
}
