package dev.lockstep.bench;

/**
 * How fast a side was.
 *
 * @param steps samples a second over the steps alone, as the product's summary counts them
 * @param whole samples a second over all of training, between its first step and its last: rounds,
 *     metrics and checkpoints
 */
record Speed(double steps, double whole) {
  /** Of a side that does nothing beside its steps. */
  static Speed of(double samplesPerSecond) {
    return new Speed(samplesPerSecond, samplesPerSecond);
  }

  /** As a line, for another process. */
  String line() {
    return steps + " " + whole;
  }

  /** What {@link #line} wrote. */
  static Speed parse(String line) {
    int space = line.indexOf(' ');
    return new Speed(
        Double.parseDouble(line.substring(0, space)), Double.parseDouble(line.substring(space)));
  }
}
