package dev.lockstep.data;

/** Data that needs no file, by URI: {@code synthetic:digits} or {@code synthetic:gate}. */
public final class SyntheticData {
  /** What such a URI begins with. */
  public static final String SCHEME = "synthetic:";

  private SyntheticData() {}

  /**
   * Reads {@code synthetic:digits?n=60000&seed=1} or {@code synthetic:gate?of=xor&n=4}, where all
   * but {@code of} may be left out.
   *
   * @throws IllegalArgumentException if it is something else
   */
  public static ExampleSource parse(String uri, Split split) {
    int question = uri.indexOf('?');
    String base = question < 0 ? uri : uri.substring(0, question);
    return switch (base) {
      case SyntheticDigits.BASE -> SyntheticDigits.parse(uri, split);
      case SyntheticGate.BASE -> SyntheticGate.parse(uri);
      default ->
          throw new IllegalArgumentException(
              "unknown synthetic data '%s': want %s or %s"
                  .formatted(uri, SyntheticDigits.EXAMPLE, SyntheticGate.EXAMPLE));
    };
  }
}
