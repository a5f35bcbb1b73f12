package dev.lockstep.storage;

import java.io.IOException;
import java.util.UUID;

/**
 * What storages have in common whose names become paths of some file system: failures become
 * sentences.
 *
 * @param <P> a path
 */
abstract class PathStorage<P> implements Storage {
  private static final String TEMPORARY = ".tmp";

  private final Location location;

  PathStorage(Location location) {
    this.location = location;
  }

  @Override
  public final Location location() {
    return location;
  }

  /** The path of a name; of the location itself for the empty name. */
  abstract P path(String name);

  /** What went wrong, in words that follow a colon. */
  abstract String reason(IOException e);

  /** Does something to a file; what goes wrong becomes a sentence with the place in it. */
  final <T> T attempt(String verb, String name, Action<P, T> action) throws IOException {
    try {
      return action.on(path(name));
    } catch (IOException e) {
      throw new IOException(
          "cannot %s %s: %s".formatted(verb, location.resolve(name), reason(e)), e);
    }
  }

  /** The first line of a message; some carry a stack trace in theirs. */
  static String firstLine(Exception e) {
    return e.getMessage() == null
        ? e.toString()
        : e.getMessage().lines().findFirst().orElseGet(e::toString);
  }

  /** A name of its own for a file that is to take the place of another once it is whole. */
  static String temporaryName(String name) {
    return ".%s.%s%s".formatted(name, UUID.randomUUID(), TEMPORARY);
  }

  @Override
  public final boolean isLeftover(String name) {
    return name.startsWith(".") && name.endsWith(TEMPORARY);
  }

  /**
   * Something that is done to a file.
   *
   * @param <P> a path
   * @param <T> what comes of it
   */
  interface Action<P, T> {
    T on(P path) throws IOException;
  }
}
