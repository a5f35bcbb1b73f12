package dev.lockstep.serialization.checkpoint;

import static dev.lockstep.serialization.FormatException.shown;

import dev.lockstep.serialization.FormatException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A file of a checkpoint that never changes.
 *
 * @param name what it holds, its step or steps, and the beginning of its digest, such as {@code
 *     state-000000469-0123456789abcdef.safetensors}; never a path
 * @param length its bytes
 * @param sha256 its SHA-256, 64 lower-case digits
 */
public record Part(String name, long length, String sha256) {
  /** Digits of the digest that stand in a name. */
  static final int DIGEST_IN_NAME = 16;

  private static final Pattern NAME =
      Pattern.compile("[a-z]+(?:-\\d{9,18})?-(\\d{9,18})-([0-9a-f]{16})\\.[a-z]+");

  private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{64}");

  /**
   * A part.
   *
   * @throws FormatException if the name is not one of a part, or does not go with the digest
   */
  public Part {
    Matcher matcher = NAME.matcher(name);
    if (!matcher.matches()) {
      throw new FormatException(
          "\"%s\" is not the name of a part; want one such as state-000000469-0123456789abcdef.safetensors"
              .formatted(shown(name)));
    }
    if (length < 0) {
      throw new FormatException("%s: %d bytes; want 0 or more".formatted(name, length));
    }
    if (!DIGEST.matcher(sha256).matches() || !sha256.startsWith(matcher.group(2))) {
      throw new FormatException(
          "%s: its SHA-256 is \"%s\"; want 64 digits that begin with those in the name"
              .formatted(name, shown(sha256)));
    }
  }

  /** The state after a step. */
  public static Part ofState(long step, long length, String sha256) {
    return new Part(
        "state-%09d-%s.safetensors".formatted(step, sha256.substring(0, DIGEST_IN_NAME)),
        length,
        sha256);
  }

  /** The lines of the steps [first, last], counted from 1. */
  public static Part ofMetrics(long first, long last, long length, String sha256) {
    return new Part(
        "metrics-%09d-%09d-%s.jsonl".formatted(first, last, sha256.substring(0, DIGEST_IN_NAME)),
        length,
        sha256);
  }

  /** Whether a file has the name of a part. */
  public static boolean isName(String name) {
    return NAME.matcher(name).matches();
  }

  /** The last step that the file of this name belongs to. */
  public static long lastStep(String name) {
    Matcher matcher = NAME.matcher(name);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(name);
    }
    return Long.parseLong(matcher.group(1));
  }
}
