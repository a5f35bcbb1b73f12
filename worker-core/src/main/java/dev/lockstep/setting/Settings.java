package dev.lockstep.setting;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The values of a kind's settings: those that were given, and defaults for the others. */
public final class Settings {
  private final Map<String, Object> values;

  private Settings(Map<String, Object> values) {
    this.values = values;
  }

  /** Nothing but defaults; for a kind of which nothing must be given. */
  public static Settings defaults(Kind kind) {
    return read(kind, Map.of());
  }

  /**
   * Reads what was given for a kind.
   *
   * @param given texts by name of setting
   * @throws SettingsException naming all that is unknown, out of range or missing
   */
  public static Settings read(Kind kind, Map<String, String> given) {
    Map<String, String> left = new LinkedHashMap<>(given);
    Map<String, Object> values = new LinkedHashMap<>();
    List<SettingsException.Mistake> mistakes = new ArrayList<>();
    for (Setting<?> setting : kind.settings()) {
      String text = left.remove(setting.name());
      Optional<?> value = text == null ? setting.byDefault() : setting.read(text);
      if (value.isPresent()) {
        values.put(setting.name(), value.get());
      } else {
        mistakes.add(
            new SettingsException.Mistake(
                setting.name(), Optional.ofNullable(text), "want " + setting.want()));
      }
    }
    left.forEach((name, text) -> mistakes.add(unknown(kind, name, text)));
    if (!mistakes.isEmpty()) {
      throw new SettingsException(mistakes);
    }
    return new Settings(Collections.unmodifiableMap(values));
  }

  private static SettingsException.Mistake unknown(Kind kind, String name, String text) {
    List<String> known = kind.settings().stream().map(Setting::name).toList();
    return new SettingsException.Mistake(
        name,
        Optional.of(text),
        "%s has no %s; %s"
            .formatted(
                kind.name(),
                name,
                known.isEmpty() ? "it takes nothing" : "it takes " + String.join(", ", known)));
  }

  /** The value of a setting. */
  @SuppressWarnings("unchecked") // read() put a T under this name
  public <T> T get(Setting<T> setting) {
    Object value = values.get(setting.name());
    if (value == null) {
      throw new IllegalArgumentException("no setting " + setting.name() + " is declared");
    }
    return (T) value;
  }

  /** The value of a number as a float. */
  public float toFloat(Setting<Double> setting) {
    return get(setting).floatValue();
  }

  /** All values by name of setting, in the order in which the kind declares them. */
  public Map<String, Object> values() {
    return values;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Settings settings && values.equals(settings.values);
  }

  @Override
  public int hashCode() {
    return values.hashCode();
  }

  /** Such as {@code {beta1=0.9, epsilon=1.0E-8}}. */
  @Override
  public String toString() {
    return values.toString();
  }
}
