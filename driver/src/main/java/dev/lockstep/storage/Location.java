package dev.lockstep.storage;

import dev.lockstep.config.ConfigException;
import java.io.Serializable;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A place for files: a plain path or a URI, as the user wrote it.
 *
 * @param text what the user wrote
 */
public record Location(String text) implements Serializable {
  /** A scheme has two letters or more, so that a drive letter is none. */
  private static final Pattern SCHEME = Pattern.compile("([A-Za-z][A-Za-z0-9+.-]+):.*");

  private static final String FILE = "file";

  /**
   * Takes what a user wrote.
   *
   * @throws ConfigException if it is neither a path nor a URI
   */
  public Location {
    text = text.strip();
    if (text.isEmpty()) {
      throw new ConfigException("a location is empty: want a path or a URI, such as hdfs://host/x");
    }
    if (isLocal(text)) {
      path(text);
    } else {
      uri(text);
    }
  }

  /** Whether it is a plain path or a {@code file:} URI. */
  public boolean isLocal() {
    return isLocal(text);
  }

  /** A name below this location; the location itself for the empty name. */
  public Location resolve(String name) {
    if (name.isEmpty()) {
      return this;
    }
    return new Location(text.endsWith("/") ? text + name : text + "/" + name);
  }

  /** The same place for a process that runs in another directory. */
  public Location absolute() {
    return isLocal() ? new Location(path().toAbsolutePath().toString()) : this;
  }

  /** As Hadoop takes it: an absolute URI where it is local. */
  public String toHadoop() {
    return isLocal() ? path().toAbsolutePath().toUri().toString() : text;
  }

  /** The path of a local location. */
  Path path() {
    return path(text);
  }

  @Override
  public String toString() {
    return text;
  }

  private static boolean isLocal(String text) {
    String scheme = scheme(text);
    return scheme.isEmpty() || scheme.equals(FILE);
  }

  private static String scheme(String text) {
    Matcher matcher = SCHEME.matcher(text);
    return matcher.matches() ? matcher.group(1).toLowerCase(Locale.ROOT) : "";
  }

  private static Path path(String text) {
    try {
      return scheme(text).isEmpty() ? Path.of(text) : Path.of(filePath(uri(text)));
    } catch (InvalidPathException e) {
      throw new ConfigException("%s is no path: %s".formatted(text, e.getReason()), e);
    }
  }

  private static String filePath(URI uri) {
    boolean isOfThisHost = uri.getAuthority() == null || uri.getAuthority().equals("localhost");
    if (uri.getPath() == null || !isOfThisHost) {
      throw new ConfigException(
          "%s: want an absolute path of this host, such as file:///data/mnist".formatted(uri));
    }
    return uri.getPath();
  }

  private static URI uri(String text) {
    try {
      return new URI(text);
    } catch (URISyntaxException e) {
      throw new ConfigException(
          "%s is no URI: %s at character %d; in a URI a space is written as %%20"
              .formatted(text, e.getReason(), e.getIndex() + 1),
          e);
    }
  }
}
