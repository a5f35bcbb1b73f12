package dev.lockstep.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;
import org.junit.jupiter.api.Test;

class NormalizerTest {
  private static final MathContext DIGITS = new MathContext(60);

  /** Two examples of three features: one that varies, one that never does, one that is 255. */
  private static final FeatureSums SUMS =
      FeatureSums.of(new HeapShard(0, 3, new byte[] {51, 7, -1, (byte) 153, 7, -1}, new int[2]));

  @Test
  void unitLeavesInputsAlone() {
    assertThat(Normalizer.UNIT.of(SUMS))
        .isEqualTo(new Normalization(new float[] {0, 0, 0}, new float[] {1, 1, 1}));
    assertThat(Normalizer.UNIT.needsSums()).isFalse();
  }

  @Test
  void centerTakesTheMeanAway() {
    assertThat(Normalizer.CENTER.of(SUMS))
        .isEqualTo(new Normalization(new float[] {0.4f, 7 / 255f, 1}, new float[] {1, 1, 1}));
  }

  /** 51 and 153 are 0.2 and 0.6: mean 0.4, deviation 0.2 with 1/n (0.283 with 1/(n−1)). */
  @Test
  void standardizeDividesByTheDeviationOfAPopulation() {
    assertThat(Normalizer.STANDARDIZE.of(SUMS))
        .isEqualTo(new Normalization(new float[] {0.4f, 7 / 255f, 1}, new float[] {5, 1, 1}));
  }

  @Test
  void standardizedInputsHaveMeanZeroAndVarianceOne() throws IOException {
    BatchPlan plan = new BatchPlan(300, 300, 1, 1, false);
    HeapShard shard =
        (HeapShard) Shard.read(new SyntheticDigits(300, 1, Split.TRAIN), plan, 0, 1, 10).get(0);
    Normalization normalization = Normalizer.STANDARDIZE.of(FeatureSums.of(shard));
    for (int f = 0; f < 784; f++) {
      double sum = 0;
      double squares = 0;
      boolean varies = false;
      for (int row = 0; row < 300; row++) {
        byte value = shard.bytes()[row * 784 + f];
        varies |= value != shard.bytes()[f];
        double x = Byte.toUnsignedInt(value) / 255.0;
        double y = (x - normalization.offset()[f]) * normalization.scale()[f];
        sum += y;
        squares += y * y;
      }
      assertThat(sum / 300).as("mean of feature %d", f).isBetween(-1e-4, 1e-4);
      assertThat(squares / 300)
          .as("variance of feature %d", f)
          .isBetween(varies ? 0.9999 : 0, varies ? 1.0001 : 1e-9);
    }
  }

  /** Against 60 decimal digits, for data in which double arithmetic would cancel to nothing. */
  @Test
  void nothingCancels() {
    for (long n : new long[] {2, 3, 1000, 60_000, 1L << 31, 1_000_000_000_007L}) {
      // One example is 254, all others are 255; then one 1 among zeros; then half and half.
      ByteSums sums =
          new ByteSums(
              n,
              new long[] {255 * n - 1, 1, 255 * (n / 2)},
              new long[] {65025 * n - 509, 1, 65025 * (n / 2)});
      Normalization normalization = Normalizer.STANDARDIZE.of(sums);
      for (int f = 0; f < 3; f++) {
        assertThat(normalization.offset()[f]).isEqualTo(exactMean(sums, f).floatValue());
        assertThat(normalization.scale()[f]).isEqualTo(exactScale(sums, f).floatValue());
      }
    }
  }

  private static BigDecimal exactMean(ByteSums sums, int f) {
    return BigDecimal.valueOf(sums.sums()[f])
        .divide(BigDecimal.valueOf(255 * sums.count()), DIGITS);
  }

  private static BigDecimal exactScale(ByteSums sums, int f) {
    BigDecimal n = BigDecimal.valueOf(sums.count());
    BigDecimal mean = BigDecimal.valueOf(sums.sums()[f]).divide(n, DIGITS);
    BigDecimal meanSquare = BigDecimal.valueOf(sums.squares()[f]).divide(n, DIGITS);
    BigDecimal variance = meanSquare.subtract(mean.multiply(mean, DIGITS), DIGITS);
    return BigDecimal.valueOf(255).divide(variance.sqrt(DIGITS), DIGITS);
  }

  @Test
  void oneExampleNeverVaries() {
    FeatureSums sums = FeatureSums.of(new HeapShard(0, 2, new byte[] {0, 51}, new int[1]));
    assertThat(Normalizer.STANDARDIZE.of(sums))
        .isEqualTo(new Normalization(new float[] {0, 0.2f}, new float[] {1, 1}));
  }

  @Test
  void noExampleHasNoStatistics() {
    FeatureSums sums = FeatureSums.of(new HeapShard(0, 2, new byte[0], new int[0]));
    assertThatThrownBy(() -> Normalizer.CENTER.of(sums))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("statistics of 0 examples: want at least 1");
  }

  @Test
  void offsetsAndScalesComeInPairs() {
    assertThatThrownBy(() -> new Normalization(new float[2], new float[3]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("2 offsets and 3 scales");
  }

  @Test
  void names() {
    assertThat(Normalizer.names()).containsExactly("unit", "center", "standardize");
    for (Normalizer normalizer : Normalizer.values()) {
      assertThat(Normalizer.named(normalizer.configName())).isEqualTo(normalizer);
    }
  }
}
