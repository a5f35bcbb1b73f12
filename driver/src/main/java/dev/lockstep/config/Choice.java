package dev.lockstep.config;

import dev.lockstep.setting.Kind;
import dev.lockstep.setting.Kinds;
import dev.lockstep.setting.Setting;
import dev.lockstep.setting.Settings;
import dev.lockstep.setting.SettingsException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;

/**
 * A kind that a section chooses by name, and what it is told. The keys of such a section are the
 * settings of its kind, beside a few that the section has for any kind.
 *
 * @param name of the kind
 * @param settings the values of all its settings
 */
public record Choice(String name, Settings settings) {
  private static final List<String> SECTIONS = List.of("loss.", "optimizer.", "schedule.", "init.");

  /** Whether a key belongs to a section whose keys depend on the kinds of the class path. */
  static boolean hasKey(String key) {
    return SECTIONS.stream().anyMatch(key::startsWith);
  }

  /**
   * Reads the choice of a section.
   *
   * @param key the key of the name, such as {@code optimizer.name}
   * @param check refuses settings that do not go together
   * @param fixed the other keys that the section has for any kind
   * @throws ConfigException naming what no kind knows, what this one has no use for, and what it
   *     does not allow
   */
  static <K extends Kind> Choice read(
      Values values, String key, Kinds<K> kinds, BiConsumer<K, Settings> check, String... fixed) {
    try {
      return new Reading<>(values, key, kinds.all(), Set.of(fixed)).choice(check);
    } catch (SettingsException | ConfigException e) {
      throw e;
    } catch (IllegalArgumentException e) {
      throw new ConfigException(List.of(new Mistake(key, Optional.empty(), e.getMessage())));
    }
  }

  /**
   * The kind.
   *
   * @throws IllegalArgumentException if the class path has none of its name
   */
  <K extends Kind> K kind(Kinds<K> kinds) {
    return kinds.get(name);
  }

  void write(Entries entries, String key) {
    entries.put(key, name);
    settings.values().forEach((s, value) -> entries.putSetting(section(key) + s, value));
  }

  /** The section of a key, with its dot. */
  private static String section(String key) {
    return key.substring(0, key.indexOf('.') + 1);
  }

  /** What is needed to read a choice. */
  private record Reading<K extends Kind>(
      Values values, String key, List<K> kinds, Set<String> fixed) {

    Choice choice(BiConsumer<K, Settings> check) {
      Checks checks = new Checks();
      Map<String, String> given = given(checks);
      String name = values.text(key);
      Optional<K> kind = kinds.stream().filter(k -> k.name().equals(name)).findFirst();
      checks.oneOf(key, name, kinds.stream().map(Kind::name).toList());
      Optional<Settings> settings = kind.flatMap(k -> settings(k, given, check, checks));
      checks.done();
      return new Choice(name, settings.orElseThrow());
    }

    /** What is given for settings that some kind has. */
    private Map<String, String> given(Checks checks) {
      Set<String> known = new TreeSet<>();
      kinds.forEach(kind -> kind.settings().stream().map(Setting::name).forEach(known::add));
      Map<String, String> given = new LinkedHashMap<>();
      for (String each : values.givenIn(section(key))) {
        String setting = each.substring(section(key).length());
        if (each.equals(key) || fixed.contains(setting)) {
          continue;
        }
        if (!known.contains(setting)) {
          Set<String> keys = new TreeSet<>(values.keys());
          known.forEach(s -> keys.add(section(key) + s));
          checks.mistake(each, Keys.unknown(each, keys));
        } else if (!values.words(each).equals(RunConfig.AUTO)) {
          given.put(setting, values.words(each));
        }
      }
      return given;
    }

    private Optional<Settings> settings(
        K kind, Map<String, String> given, BiConsumer<K, Settings> check, Checks checks) {
      try {
        Settings settings = Settings.read(kind, given);
        check.accept(kind, settings);
        return Optional.of(settings);
      } catch (SettingsException e) {
        for (SettingsException.Mistake mistake : e.mistakes()) {
          String setting = section(key) + mistake.name();
          if (given.containsKey(mistake.name())) {
            checks.check(false, setting, given.get(mistake.name()), mistake.want());
          } else {
            checks.mistake(key, missing(kind, setting, mistake));
          }
        }
        return Optional.empty();
      }
    }

    private String missing(K kind, String setting, SettingsException.Mistake mistake) {
      return "%s = %s: %s is missing: %s".formatted(key, kind.name(), setting, mistake.want());
    }
  }
}
