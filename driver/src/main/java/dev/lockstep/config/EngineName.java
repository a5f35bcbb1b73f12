package dev.lockstep.config;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** How rounds are to be executed. */
public enum EngineName {
  /** The best that the cluster allows. */
  AUTO,
  /** In the driver, in one thread, without Spark. */
  LOCAL,
  /** One Spark job a step. */
  TREE,
  /** One barrier stage a round. */
  ALLREDUCE;

  /** The name in configurations: {@code allreduce}. */
  public String configName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The names in configurations. */
  public static List<String> names() {
    return Arrays.stream(values()).map(EngineName::configName).toList();
  }
}
