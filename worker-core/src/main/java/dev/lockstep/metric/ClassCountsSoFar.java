package dev.lockstep.metric;

import dev.lockstep.kernel.Panels;
import dev.lockstep.loss.Loss;
import java.util.Arrays;
import java.util.List;

/** {@link ClassCounts} in the making, example after example. */
final class ClassCountsSoFar {
  private final int classes;
  private final long[] examples;
  private final long[] predicted;
  private final long[] correct;
  private final long[] ranks;
  private final long[] confusion;
  private boolean isEmpty = true;

  ClassCountsSoFar(int classes) {
    this.classes = classes;
    examples = new long[classes];
    predicted = new long[classes];
    correct = new long[classes];
    ranks = new long[classes];
    confusion = new long[classes <= ClassCounts.MOST_CONFUSED ? classes * classes : 0];
  }

  /** Adds a row that has a class. */
  void add(Loss loss, Panels y, int row, int ofClass) {
    isEmpty = false;
    int taken = loss.predicted(y, row);
    examples[ofClass]++;
    predicted[taken]++;
    correct[ofClass] += taken == ofClass ? 1 : 0;
    ranks[y.columns() == 1 ? Math.abs(taken - ofClass) : rank(y, row, ofClass)]++;
    if (confusion.length > 0) {
      confusion[ofClass * classes + taken]++;
    }
  }

  /** So written, an output that is no number is never above another. */
  private static int rank(Panels y, int row, int ofClass) {
    float own = y.get(row, ofClass);
    int rank = 0;
    for (int c = 0; c < y.columns(); c++) {
      float other = y.get(row, c);
      boolean isBelow = own > other || (own == other && ofClass < c);
      rank += c == ofClass || isBelow ? 0 : 1;
    }
    return rank;
  }

  ClassCounts counts() {
    return isEmpty
        ? ClassCounts.NONE
        : new ClassCounts(
            list(examples), list(predicted), list(correct), list(ranks), list(confusion));
  }

  private static List<Long> list(long[] values) {
    return Arrays.stream(values).boxed().toList();
  }
}
