package dev.lockstep.loss;

import dev.lockstep.setting.Kinds;
import dev.lockstep.setting.Settings;
import java.util.List;
import java.util.Map;

/** The kinds of losses. */
public final class Losses {
  /** Those on the class path. */
  public static final Kinds<LossKind> KINDS = new Kinds<>(LossKind.class, "loss");

  private Losses() {}

  /** The names in configurations. */
  public static List<String> names() {
    return KINDS.names();
  }

  /**
   * The loss of a name, with its defaults.
   *
   * @throws IllegalArgumentException naming the known ones
   */
  public static Loss of(String name) {
    return of(name, Map.of());
  }

  /**
   * The loss of a name.
   *
   * @param given texts by name of setting
   * @throws IllegalArgumentException naming the known losses, or all that is wrong with the texts
   */
  public static Loss of(String name, Map<String, String> given) {
    LossKind kind = KINDS.get(name);
    return of(kind, Settings.read(kind, given));
  }

  /**
   * The loss of a kind.
   *
   * @throws IllegalArgumentException if the loss does not say again what it was told, so that no
   *     model could
   */
  public static Loss of(LossKind kind, Settings settings) {
    Loss loss = kind.create(settings);
    if (!loss.name().equals(kind.name()) || !loss.settings().equals(settings.values())) {
      throw new IllegalArgumentException(
          "%s with %s made a loss that calls itself %s with %s: its name() and settings() must give back what it was told"
              .formatted(kind.name(), settings, loss.name(), loss.settings()));
    }
    return loss;
  }
}
