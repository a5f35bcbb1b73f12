package dev.lockstep.optimizer;

import dev.lockstep.setting.Kind;
import dev.lockstep.setting.Settings;

/** A kind of optimiser that configurations name. */
public interface OptimizerKind extends Kind {
  /**
   * The rule with these settings.
   *
   * @throws dev.lockstep.setting.SettingsException if they do not go together
   */
  Optimizer create(Settings settings);

  /** The decoupled weight decay that goes with it unless a configuration says otherwise. */
  default double weightDecay() {
    return 0;
  }
}
