package dev.lockstep.schedule;

import dev.lockstep.setting.Kinds;

/** The schedules by name. */
public final class Schedules {
  /** Those of Lockstep and of users' jars. */
  public static final Kinds<ScheduleKind> KINDS = new Kinds<>(ScheduleKind.class, "schedule");

  private Schedules() {}
}
