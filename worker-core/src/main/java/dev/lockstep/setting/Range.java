package dev.lockstep.setting;

/**
 * The numbers that a setting may be.
 *
 * @param min the least, or what lies below all of them
 * @param max the greatest, or what lies above all of them
 * @param hasMin whether min itself is one
 * @param hasMax whether max itself is one
 */
public record Range(double min, double max, boolean hasMin, boolean hasMax) {
  /** Any finite number that a float can hold. */
  public static final Range ANY = new Range(-Float.MAX_VALUE, Float.MAX_VALUE, true, true);

  /** 0 or more. */
  public static final Range NOT_NEGATIVE = new Range(0, Float.MAX_VALUE, true, true);

  /** Above 0. */
  public static final Range POSITIVE = new Range(0, Float.MAX_VALUE, false, true);

  /** From 0 to 1, both included. */
  public static final Range UNIT = new Range(0, 1, true, true);

  /** 0 or more, below 1: what is left after a decay, or left out. */
  public static final Range BELOW_ONE = new Range(0, 1, true, false);

  /** Above 0, at most 1. */
  public static final Range FRACTION = new Range(0, 1, false, true);

  /** Whether a number lies in it, as a double and rounded to float. */
  public boolean contains(double value) {
    return holds(value) && holds((float) value);
  }

  /**
   * Wants a value to lie in it, as a double and rounded to float.
   *
   * @throws IllegalArgumentException naming name, value and range
   */
  public void check(String name, double value) {
    if (!contains(value)) {
      throw new IllegalArgumentException("%s = %s: want a number %s".formatted(name, value, this));
    }
  }

  private boolean holds(double value) {
    return (hasMin ? value >= min : value > min) && (hasMax ? value <= max : value < max);
  }

  /** Such as {@code above 0, at most 1}, for a sentence. */
  @Override
  public String toString() {
    String low = (hasMin ? "from " : "above ") + text(min);
    if (max == Float.MAX_VALUE) {
      return min == -Float.MAX_VALUE
          ? "that a float can hold"
          : hasMin ? text(min) + " or more" : low;
    }
    return low + (hasMin && hasMax ? " to " : hasMax ? ", at most " : ", below ") + text(max);
  }

  private static String text(double value) {
    return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
  }
}
