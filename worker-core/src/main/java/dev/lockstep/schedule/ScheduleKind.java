package dev.lockstep.schedule;

import dev.lockstep.setting.Kind;
import dev.lockstep.setting.Settings;

/** A kind of schedule that configurations name. */
public interface ScheduleKind extends Kind {
  /**
   * The schedule with these settings.
   *
   * @throws dev.lockstep.setting.SettingsException if they do not go together; this must not depend
   *     on the horizon
   */
  Schedule create(Settings settings, Horizon horizon);
}
