package dev.lockstep.init;

import dev.lockstep.setting.Kind;
import dev.lockstep.setting.Settings;

/** A kind of initial weights that configurations name. */
public interface InitKind extends Kind {
  /**
   * The scheme with these settings.
   *
   * @throws dev.lockstep.setting.SettingsException if they do not go together
   */
  InitScheme create(Settings settings);
}
