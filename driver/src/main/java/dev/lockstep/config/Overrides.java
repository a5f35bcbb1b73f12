package dev.lockstep.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValueType;
import java.util.ArrayList;
import java.util.List;

/**
 * What {@code --set key=value} asks for. A scalar is taken as it is, so that a URI needs no quotes
 * beyond the shell's; lists and sections are HOCON.
 *
 * @param config the values; of two for one key the later
 * @param mistakes what could not be read
 */
record Overrides(Config config, List<String> mistakes) {
  /** The origin of all values. */
  static final String ORIGIN = "--set";

  static Overrides parse(List<String> overrides, Config reference) {
    Config config = ConfigFactory.empty();
    List<String> mistakes = new ArrayList<>();
    for (String override : overrides) {
      int equals = override.indexOf('=');
      if (equals < 1) {
        mistakes.add(
            "%s %s: want KEY=VALUE, such as %s epochs=20".formatted(ORIGIN, override, ORIGIN));
        continue;
      }
      String key = override.substring(0, equals).strip();
      String value = override.substring(equals + 1).strip();
      try {
        config = parse(key, value, reference).withFallback(config);
      } catch (com.typesafe.config.ConfigException e) {
        mistakes.add("%s %s: %s".formatted(ORIGIN, override, ConfigReader.oneLine(e)));
      }
    }
    return new Overrides(config, mistakes);
  }

  private static Config parse(String key, String value, Config reference) {
    ConfigUtil.splitPath(key);
    boolean isHocon = value.startsWith("\"") || (Choice.hasKey(key) && value.startsWith("["));
    if (reference.hasPath(key)) {
      ConfigValueType type = reference.getValue(key).valueType();
      isHocon |= type == ConfigValueType.LIST || type == ConfigValueType.OBJECT;
    }
    return ConfigReader.parse(
        key + " = " + (isHocon ? value : ConfigUtil.quoteString(value)), ORIGIN);
  }
}
