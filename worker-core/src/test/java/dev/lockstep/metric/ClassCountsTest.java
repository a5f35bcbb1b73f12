package dev.lockstep.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.lockstep.kernel.Panels;
import dev.lockstep.loss.Loss;
import dev.lockstep.loss.Losses;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ClassCountsTest {
  private static final Loss LOSS = Losses.of("softmax-cross-entropy");

  /** Counts of rows whose outputs are given, as are their classes. */
  private static ClassCounts count(float[][] outputs, int... classes) {
    ClassCountsSoFar counts = new ClassCountsSoFar(outputs[0].length);
    for (int r = 0; r < outputs.length; r++) {
      counts.add(LOSS, row(outputs[r]), 0, classes[r]);
    }
    return counts.counts();
  }

  private static Panels row(float... outputs) {
    Panels y = Panels.allocate(1, outputs.length);
    for (int c = 0; c < outputs.length; c++) {
      y.set(0, c, outputs[c]);
    }
    return y;
  }

  private static float[] oneHot(int classes, int at) {
    float[] outputs = new float[classes];
    outputs[at] = 1;
    return outputs;
  }

  /** Counted by hand: classes 0 0 0 1 1 2 were taken for 0 0 1 1 0 1, and 3 plays no part. */
  @Test
  void figuresOfASmallTable() {
    int[] classes = {0, 0, 0, 1, 1, 2};
    int[] taken = {0, 0, 1, 1, 0, 1};
    float[][] outputs = new float[6][];
    for (int r = 0; r < 6; r++) {
      outputs[r] = oneHot(4, taken[r]);
    }
    ClassCounts counts = count(outputs, classes);
    assertThat(counts.confusion(0)).containsExactly(2L, 1L, 0L, 0L);
    assertThat(counts.confusion(1)).containsExactly(1L, 1L, 0L, 0L);
    assertThat(counts.confusion(2)).containsExactly(0L, 1L, 0L, 0L);
    assertThat(counts.confusion(3)).containsExactly(0L, 0L, 0L, 0L);
    assertThat(counts.accuracy()).isEqualTo(3 / 6.0);
    assertThat(counts.precision(0)).isEqualTo(2 / 3.0);
    assertThat(counts.precision(1)).isEqualTo(1 / 3.0);
    assertThat(counts.precision(2)).isZero();
    assertThat(counts.recall(0)).isEqualTo(2 / 3.0);
    assertThat(counts.recall(1)).isEqualTo(1 / 2.0);
    assertThat(counts.recall(2)).isZero();
    assertThat(counts.recall(3)).isZero();
    assertThat(counts.f1(0)).isEqualTo(2 / 3.0);
    assertThat(counts.f1(1)).isEqualTo(2 / 5.0);
    assertThat(counts.f1(2)).isZero();
    assertThat(counts.macroPrecision()).isCloseTo((2 / 3.0 + 1 / 3.0) / 3, within(1e-15));
    assertThat(counts.macroRecall()).isCloseTo((2 / 3.0 + 1 / 2.0) / 3, within(1e-15));
    assertThat(counts.macroF1()).isCloseTo((2 / 3.0 + 2 / 5.0) / 3, within(1e-15));
  }

  /** Against the place of the class in a sorted list. */
  @Test
  void topAccuracyIsHowOftenTheClassIsAmongTheLargest() {
    SplittableRandom random = new SplittableRandom(2);
    float[][] outputs = new float[200][7];
    int[] classes = random.ints(200, 0, 7).toArray();
    long[] among = new long[8];
    for (int r = 0; r < 200; r++) {
      TreeMap<Float, Integer> sorted = new TreeMap<>(Collections.reverseOrder());
      for (int c = 0; c < 7; c++) {
        outputs[r][c] = random.nextFloat();
        sorted.put(outputs[r][c], c);
      }
      int place = List.copyOf(sorted.values()).indexOf(classes[r]);
      for (int k = place + 1; k <= 7; k++) {
        among[k]++;
      }
    }
    ClassCounts counts = count(outputs, classes);
    for (int k = 1; k <= 7; k++) {
      assertThat(counts.topAccuracy(k)).isEqualTo(among[k] / 200.0);
    }
    assertThat(counts.topAccuracy(1)).isEqualTo(counts.accuracy());
    for (int k : new int[] {0, 8}) {
      assertThatThrownBy(() -> counts.topAccuracy(k))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("top %d of 7 classes: want a number from 1 to 7".formatted(k));
    }
  }

  @Test
  void anOutputThatIsNoNumberIsAboveNoOther() {
    ClassCounts counts = count(new float[][] {{Float.NaN, 1, 2}, {2, 1, Float.NaN}}, 0, 1);
    assertThat(counts.ranks()).containsExactly(0L, 0L, 2L);
  }

  /** 4 K counts, and the matrix up to a bound. */
  @Test
  void countsOfManyClassesStaySmall() {
    ClassCounts most = count(new float[][] {oneHot(ClassCounts.MOST_CONFUSED, 3)}, 3);
    assertThat(most.confusion()).hasSize(ClassCounts.MOST_CONFUSED * ClassCounts.MOST_CONFUSED);
    assertThat(most.confusion(3).get(3)).isEqualTo(1);
    ClassCounts more = count(new float[][] {oneHot(ClassCounts.MOST_CONFUSED + 1, 3)}, 3);
    assertThat(more.confusion()).isEmpty();
    assertThat(more.plus(more).correct().get(3)).isEqualTo(2);
    assertThat(more.plus(more).accuracy()).isEqualTo(1);
  }

  @Test
  void noExampleChangesNothing() {
    ClassCounts some = count(new float[][] {{1, 2}}, 1);
    assertThat(some.plus(ClassCounts.NONE)).isEqualTo(some);
    assertThat(ClassCounts.NONE.plus(some)).isEqualTo(some);
    assertThat(new ClassCountsSoFar(3).counts()).isEqualTo(ClassCounts.NONE);
    assertThat(ClassCounts.NONE.accuracy()).isNaN();
    assertThat(ClassCounts.NONE.macroF1()).isNaN();
  }
}
