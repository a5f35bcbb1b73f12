package dev.lockstep.sweep;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/** The values at the top of a specification, by key; what is not as wanted is noted. */
final class SpecFields {
  private final Config spec;
  private final Mistakes mistakes;

  SpecFields(Config spec, Mistakes mistakes) {
    this.spec = spec;
    this.mistakes = mistakes;
  }

  Optional<ConfigValue> value(String key) {
    return spec.hasPath(key) ? Optional.of(spec.getValue(key)) : Optional.empty();
  }

  Optional<String> text(String key) {
    Optional<ConfigValue> value = value(key);
    if (value.isPresent() && value.get().valueType() != ConfigValueType.STRING) {
      mistakes.add(key, value.get(), "want a text");
      return Optional.empty();
    }
    return value.map(v -> (String) v.unwrapped());
  }

  Optional<ConfigObject> section(String key) {
    Optional<ConfigValue> value = value(key);
    if (value.isPresent() && !(value.get() instanceof ConfigObject)) {
      mistakes.add(key, value.get(), "want a section, such as { seed = [1, 2, 3] }");
      return Optional.empty();
    }
    return value.map(v -> (ConfigObject) v);
  }

  OptionalDouble number(String key, double least, double most, String want) {
    Optional<ConfigValue> value = value(key);
    if (value.isEmpty()) {
      return OptionalDouble.empty();
    }
    if (value.get().unwrapped() instanceof Number number
        && number.doubleValue() >= least
        && number.doubleValue() <= most) {
      return OptionalDouble.of(number.doubleValue());
    }
    mistakes.add(key, value.get(), want);
    return OptionalDouble.empty();
  }

  int whole(String key, int least, int most, int otherwise) {
    String want = "want a whole number from %d to %d".formatted(least, most);
    OptionalDouble number = number(key, least, most, want);
    if (number.isPresent() && number.getAsDouble() != Math.rint(number.getAsDouble())) {
      mistakes.add(key, spec.getValue(key), want);
      return otherwise;
    }
    return number.isPresent() ? (int) number.getAsDouble() : otherwise;
  }

  String oneOf(String key, List<String> words, String otherwise) {
    Optional<ConfigValue> value = value(key);
    if (value.isPresent() && !words.contains(String.valueOf(value.get().unwrapped()))) {
      mistakes.add(key, value.get(), "want one of " + String.join(", ", words));
      return otherwise;
    }
    return value.map(v -> (String) v.unwrapped()).orElse(otherwise);
  }
}
