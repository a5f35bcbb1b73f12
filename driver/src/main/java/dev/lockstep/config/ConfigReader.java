package dev.lockstep.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigSyntax;
import com.typesafe.config.ConfigValue;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Reads configurations: overrides go before the user's text, which goes before {@code
 * conf/reference.conf}.
 */
public final class ConfigReader {
  private static final String REFERENCE = "/dev/lockstep/conf/reference.conf";

  private static final int MAX_CHARACTERS = 1 << 18;

  /**
   * Each can repeat what others have repeated: 30 could make any text a thousand million times as
   * long, these no more than 400 times.
   */
  private static final int MAX_SUBSTITUTIONS = 16;

  private static final Pattern SUBSTITUTION = Pattern.compile("\\$\\{|\\+=");

  /** Parsed once: a sweep reads hundreds of configurations. */
  private static final Config DEFAULTS = parse(reference(), "reference.conf");

  private final Config reference = DEFAULTS;
  private final Map<String, ConfigValue> defaults = new TreeMap<>();
  private final Map<String, ConfigValue> given = new TreeMap<>();
  private final Set<String> sections = new LinkedHashSet<>();
  private final List<String> lines = new ArrayList<>();

  private ConfigReader() {
    collectDefaults("", reference.root());
  }

  /**
   * Reads a configuration.
   *
   * @param text HOCON; empty for the defaults alone
   * @param originName what to call the text in messages, such as a file name
   * @param overrides each {@code key=value}
   * @throws ConfigException with all mistakes, one a line
   */
  public static RunConfig read(Optional<String> text, String originName, List<String> overrides) {
    return read(text, originName, ConfigFactory.empty(), overrides);
  }

  /**
   * Reads a configuration of which some values are given elsewhere.
   *
   * @param text HOCON; empty for the defaults alone
   * @param originName what to call the text in messages, such as a file name
   * @param over values that go before those of the text; messages name where they come from
   * @param overrides each {@code key=value}; they go before all else
   * @throws ConfigException with all mistakes, one a line
   */
  public static RunConfig read(
      Optional<String> text, String originName, Config over, List<String> overrides) {
    ConfigReader reader = new ConfigReader();
    try {
      Config user = text.map(t -> reader.parseUser(t, originName)).orElse(ConfigFactory.empty());
      return reader.run(over.withFallback(user), overrides);
    } catch (StackOverflowError e) {
      throw tooDeep(originName, e);
    }
  }

  /**
   * What the user gives, in the order of {@link #read(Optional, String, Config, List)}, without the
   * defaults.
   */
  public static Config given(
      Optional<String> text, String originName, Config over, List<String> overrides) {
    ConfigReader reader = new ConfigReader();
    Config user = text.map(t -> reader.parseUser(t, originName)).orElse(ConfigFactory.empty());
    return Overrides.parse(overrides, reader.reference)
        .config()
        .withFallback(over)
        .withFallback(user)
        .resolve();
  }

  /**
   * Parses a text that is HOCON but no configuration of a run.
   *
   * @throws ConfigException if it is none, or could grow without bound
   */
  public static Config parseText(String text, String originName) {
    ConfigReader reader = new ConfigReader();
    try {
      Config parsed = reader.parseUser(text, originName).resolve();
      if (reader.lines.isEmpty()) {
        return parsed;
      }
    } catch (com.typesafe.config.ConfigException e) {
      reader.lines.add(oneLine(e));
    } catch (StackOverflowError e) {
      throw tooDeep(originName, e);
    }
    throw new ConfigException(String.join("\n", reader.lines));
  }

  /** The library goes down into lists, sections and dotted keys by recursion, without a bound. */
  private static ConfigException tooDeep(String originName, StackOverflowError e) {
    return new ConfigException(
        "%s is nested too deeply; no key here has more than three levels".formatted(originName), e);
  }

  /** Whether a text that can be read gives a key a value. */
  public static boolean says(Optional<String> text, String key) {
    try {
      return text.isPresent() && parse(text.get(), "").hasPathOrNull(key);
    } catch (com.typesafe.config.ConfigException e) {
      return false; // What is wrong with it is said when it is read.
    }
  }

  private RunConfig run(Config user, List<String> overrides) {
    Overrides parsed = Overrides.parse(overrides, reference);
    lines.addAll(parsed.mistakes());
    collectGiven("", resolve(user, parsed.config()).root(), reference.root());
    Values values = new Values(given, defaults);
    RunConfig config = null;
    try {
      config = RunConfig.read(values);
    } catch (ConfigException e) {
      values.mistakes().addAll(e.mistakes());
    }
    for (Mistake mistake : values.mistakes()) {
      ConfigValue value = values.value(mistake.key());
      lines.add(origin(value) + ": " + mistake.withValue(Values.written(value)).sentence());
    }
    if (!lines.isEmpty()) {
      throw new ConfigException(String.join("\n", lines.stream().distinct().toList()));
    }
    return config;
  }

  private Config parseUser(String text, String originName) {
    long substitutions = SUBSTITUTION.matcher(text).results().count();
    if (text.length() > MAX_CHARACTERS || substitutions > MAX_SUBSTITUTIONS) {
      lines.add(
          "%s has %d characters and %d substitutions (${...} or +=): want at most %d and %d"
              .formatted(
                  originName, text.length(), substitutions, MAX_CHARACTERS, MAX_SUBSTITUTIONS));
      return ConfigFactory.empty();
    }
    try {
      return parse(text, originName);
    } catch (com.typesafe.config.ConfigException e) {
      lines.add(oneLine(e));
      return ConfigFactory.empty();
    }
  }

  private Config resolve(Config user, Config overrides) {
    try {
      return overrides.withFallback(user).withFallback(reference).resolve();
    } catch (com.typesafe.config.ConfigException e) {
      lines.add(oneLine(e));
      return overrides.withFallback(reference).resolve();
    }
  }

  private void collectDefaults(String prefix, ConfigObject object) {
    object.forEach(
        (name, value) -> {
          if (value instanceof ConfigObject section) {
            sections.add(prefix + name);
            collectDefaults(prefix + name + ".", section);
          } else {
            defaults.put(prefix + name, value);
          }
        });
  }

  /** Sorts what is given into values of known keys, and mistakes. */
  private void collectGiven(String prefix, ConfigObject object, ConfigObject known) {
    new TreeMap<>(object)
        .forEach(
            (name, value) -> {
              String key = prefix + name;
              ConfigValue expected = known.get(name);
              if (expected == null && Choice.hasKey(key)) {
                given.put(key, value);
              } else if (expected == null) {
                lines.add(origin(value) + ": " + unknown(key));
              } else if (!(expected instanceof ConfigObject section)) {
                given.put(key, value);
              } else if (value instanceof ConfigObject given) {
                collectGiven(key + ".", given, section);
              } else {
                lines.add(
                    "%s: %s = %s: want a section, such as %s { %s = ... }"
                        .formatted(
                            origin(value), key, Values.written(value), key, firstKey(section)));
              }
            });
  }

  private static String firstKey(ConfigObject section) {
    return Collections.min(
            section.entrySet(), Comparator.comparingInt(e -> e.getValue().origin().lineNumber()))
        .getKey();
  }

  private String unknown(String key) {
    Set<String> known = new LinkedHashSet<>(defaults.keySet());
    known.addAll(sections);
    return Keys.unknown(key, known);
  }

  private static String origin(ConfigValue value) {
    String description = value.origin().description();
    return description.startsWith(Overrides.ORIGIN) ? Overrides.ORIGIN : description;
  }

  static Config parse(String text, String originName) {
    return ConfigFactory.parseString(
        text,
        ConfigParseOptions.defaults()
            .setSyntax(ConfigSyntax.CONF)
            .setOriginDescription(originName)
            .setIncluder(new NoInclude()));
  }

  static String oneLine(com.typesafe.config.ConfigException e) {
    return e.getMessage().replaceAll("\\s+", " ");
  }

  private static String reference() {
    try (InputStream in = ConfigReader.class.getResourceAsStream(REFERENCE)) {
      if (in == null) {
        throw new IllegalStateException(REFERENCE + " is missing from the jar");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
