package dev.lockstep.sweep;

import dev.lockstep.random.Philox;
import dev.lockstep.random.Purpose;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.math3.random.SobolSequenceGenerator;

/**
 * Points that fill a space more evenly than random ones do: Sobol's sequence (with the direction
 * numbers of Joe and Kuo, 2008), turned by a random shift modulo 1 for each axis (Cranley and
 * Patterson, 1976), so that a seed gives another set of the same evenness. (For their use in place
 * of a grid see Bousquet et al., "Critical Hyper-Parameters: No Random, No Cry", 2017.)
 */
final class QuasiRandom {
  private QuasiRandom() {}

  /** As many points as are asked for; fewer asked for with the same seed are the first of these. */
  static List<Point> points(List<Axis> axes, int count, long seed) {
    if (axes.isEmpty()) {
      return List.of(Point.NONE);
    }
    SobolSequenceGenerator sequence = new SobolSequenceGenerator(axes.size());
    List<Point> points = new ArrayList<>();
    for (int p = 0; p < count; p++) {
      double[] places = sequence.nextVector();
      Point point = Point.NONE;
      for (int a = 0; a < axes.size(); a++) {
        double turned = places[a] + shift(seed, a);
        Axis axis = axes.get(a);
        point = point.plus(Point.of(axis.key(), axis.at(turned - Math.floor(turned))));
      }
      points.add(point);
    }
    return List.copyOf(points);
  }

  private static double shift(long seed, int axis) {
    int[] words = new int[4];
    Philox.words(seed, Purpose.SEARCH, axis, 0, 0, words);
    return Philox.toUniform(words[0]);
  }
}
