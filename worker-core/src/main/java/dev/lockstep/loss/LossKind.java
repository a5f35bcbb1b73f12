package dev.lockstep.loss;

import dev.lockstep.setting.Kind;
import dev.lockstep.setting.Settings;

/** A kind of loss that configurations name. */
public interface LossKind extends Kind {
  /**
   * The loss with these settings.
   *
   * @throws dev.lockstep.setting.SettingsException if they do not go together
   */
  Loss create(Settings settings);
}
