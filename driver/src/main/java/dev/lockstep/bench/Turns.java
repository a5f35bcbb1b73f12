package dev.lockstep.bench;

import java.util.List;
import java.util.function.DoubleSupplier;

/** Sides that take turns, so that a machine that slows down slows all of them down. */
final class Turns {
  private final double[][] values;

  private Turns(double[][] values) {
    this.values = values;
  }

  /** Measures each side once a turn. */
  static Turns of(int warmUps, int turns, List<DoubleSupplier> sides) {
    double[][] values = new double[sides.size()][turns];
    for (int turn = -warmUps; turn < turns; turn++) {
      for (int side = 0; side < values.length; side++) {
        double value = sides.get(side).getAsDouble();
        if (turn >= 0) {
          values[side][turn] = value;
        }
      }
    }
    return new Turns(values);
  }

  /** All values of a side. */
  Samples of(int side) {
    return Samples.of(values[side]);
  }

  /** The median of a side. */
  double median(int side) {
    return of(side).median();
  }

  /** One side over another, turn by turn. */
  Samples ratios(int side, int over) {
    return Samples.ratios(values[side], values[over]);
  }
}
