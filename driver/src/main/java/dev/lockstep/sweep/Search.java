package dev.lockstep.sweep;

import java.util.List;

/**
 * Which points of the tuned axes are tried.
 *
 * @param isQuasiRandom false for all points of the grid
 * @param trials how many quasi-random points a cell gets
 * @param seed what turns them
 */
record Search(boolean isQuasiRandom, int trials, long seed) {
  static final Search GRID = new Search(false, 0, 1);

  /** The points, the same for every cell. */
  List<Point> points(List<Axis> axes) {
    return isQuasiRandom
        ? QuasiRandom.points(axes, trials, seed)
        : Point.product(axes.stream().map(Axis::points).toList());
  }
}
