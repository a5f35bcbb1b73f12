package dev.lockstep.report;

import java.util.ArrayList;
import java.util.List;

/**
 * A curve of any length in bounded room. Neighbouring points share a bucket, which knows its least,
 * its greatest and its mean; whenever there are {@value #MOST} buckets, two become one. So no peak
 * is lost, and a curve of fewer points is whole.
 */
final class Curve {
  /** The most buckets; a screen has few more columns. */
  static final int MOST = 600;

  /** A smooth line averages over so many parts of the whole to either side. */
  private static final int SMOOTHNESS = 40;

  private final List<Bucket> buckets = new ArrayList<>();
  private long size = 1;

  /** Points next to each other; {@code x} is that of the first, {@code last} of the last. */
  private record Bucket(double x, double last, long count, double sum, double least, double most) {
    Bucket plus(Bucket next) {
      return new Bucket(
          x,
          next.last,
          count + next.count,
          sum + next.sum,
          Math.min(least, next.least),
          Math.max(most, next.most));
    }
  }

  /** Adds a point to the right of all; one that is not finite is left out. */
  void add(double x, double y) {
    if (!Double.isFinite(y)) {
      return;
    }
    Bucket point = new Bucket(x, x, 1, y, y, y);
    int end = buckets.size() - 1;
    if (end >= 0 && buckets.get(end).count < size) {
      buckets.set(end, buckets.get(end).plus(point));
      return;
    }
    if (buckets.size() == MOST) {
      halve();
    }
    buckets.add(point);
  }

  private void halve() {
    for (int b = 0; b < MOST / 2; b++) {
      buckets.set(b, buckets.get(2 * b).plus(buckets.get(2 * b + 1)));
    }
    buckets.subList(MOST / 2, MOST).clear();
    size *= 2;
  }

  boolean isEmpty() {
    return buckets.isEmpty();
  }

  /** Every point, or the least and the greatest of each bucket. */
  List<double[]> points() {
    List<double[]> points = new ArrayList<>();
    for (Bucket bucket : buckets) {
      points.add(new double[] {bucket.x, bucket.least});
      if (bucket.count > 1) {
        points.add(new double[] {bucket.last, bucket.most});
      }
    }
    return points;
  }

  /** The mean of each bucket. */
  List<double[]> means() {
    return buckets.stream().map(b -> new double[] {(b.x + b.last) / 2, b.sum / b.count}).toList();
  }

  /** The mean over a window that moves with the points, of a fixed share of them. */
  List<double[]> smooth() {
    int reach = buckets.size() / SMOOTHNESS;
    List<double[]> points = new ArrayList<>();
    for (int b = 0; b < buckets.size(); b++) {
      double sum = 0;
      long count = 0;
      // At the ends the window shrinks on both sides alike, or it would lean inwards.
      int here = Math.min(reach, Math.min(b, buckets.size() - 1 - b));
      for (Bucket near : buckets.subList(b - here, b + here + 1)) {
        sum += near.sum;
        count += near.count;
      }
      points.add(new double[] {(buckets.get(b).x + buckets.get(b).last) / 2, sum / count});
    }
    return points;
  }
}
