package dev.lockstep.setting;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;

/**
 * The kinds of one service that the class path has: those of Lockstep, then those of users' jars.
 *
 * @param <K> the service
 */
public final class Kinds<K extends Kind> {
  private final Class<K> service;
  private final String word;

  /**
   * Over a service.
   *
   * @param word what to call one of them in messages, such as {@code optimizer}
   */
  public Kinds(Class<K> service, String word) {
    this.service = service;
    this.word = word;
  }

  /**
   * All kinds.
   *
   * @throws IllegalArgumentException if a jar declares one that cannot be made, or two have a name
   */
  public List<K> all() {
    return List.copyOf(byName().values());
  }

  /** The names of all kinds. */
  public List<String> names() {
    return List.copyOf(byName().keySet());
  }

  /** The kind of a name. */
  public Optional<K> find(String name) {
    return Optional.ofNullable(byName().get(name));
  }

  /**
   * The kind of a name.
   *
   * @throws IllegalArgumentException naming the known ones
   */
  public K get(String name) {
    Map<String, K> kinds = byName();
    if (!kinds.containsKey(name)) {
      throw new IllegalArgumentException(
          "%s %s: want one of %s".formatted(word, name, String.join(", ", kinds.keySet())));
    }
    return kinds.get(name);
  }

  // Not kept: which jars there are depends on the thread, and looking costs a millisecond.
  private Map<String, K> byName() {
    Map<String, K> kinds = new LinkedHashMap<>();
    try {
      for (K kind : ServiceLoader.load(service, classLoader())) {
        K other = kinds.put(kind.name(), kind);
        if (other != null) {
          throw new IllegalArgumentException(
              "%s and %s are both called %s; rename one of them"
                  .formatted(other.getClass().getName(), kind.getClass().getName(), kind.name()));
        }
      }
    } catch (ServiceConfigurationError e) {
      throw new IllegalArgumentException(
          "%s of a jar cannot be used: %s".formatted(word, e.getMessage()), e);
    }
    return kinds;
  }

  /** That of the application's jars, if it knows Lockstep as this class does. */
  private ClassLoader classLoader() {
    ClassLoader own = service.getClassLoader();
    ClassLoader context = Thread.currentThread().getContextClassLoader();
    try {
      boolean isSame = context != null && context.loadClass(service.getName()) == service;
      return isSame ? context : own;
    } catch (ClassNotFoundException e) {
      return own;
    }
  }
}
