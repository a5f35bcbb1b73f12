package dev.lockstep.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.lockstep.data.ExampleFormat.Element;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FloatSumsTest {
  private static final MathContext DIGITS = new MathContext(200);

  /** A shard of one feature. */
  private static Shard shard(int index, float... values) {
    ExampleFormat format = new ExampleFormat(1, Element.FLOAT, 0, false);
    byte[] bytes = new byte[values.length * format.bytes()];
    for (int row = 0; row < values.length; row++) {
      format.setFeature(bytes, row * format.bytes(), 0, values[row]);
    }
    return new HeapShard(index, format, bytes, new int[values.length]);
  }

  private static BigDecimal mean(float... values) {
    BigDecimal sum = BigDecimal.ZERO;
    for (float value : values) {
      sum = sum.add(new BigDecimal(value));
    }
    return sum.divide(BigDecimal.valueOf(values.length), DIGITS);
  }

  private static BigDecimal deviation(float... values) {
    BigDecimal mean = mean(values);
    BigDecimal sum = BigDecimal.ZERO;
    for (float value : values) {
      sum = sum.add(new BigDecimal(value).subtract(mean).pow(2));
    }
    return sum.divide(BigDecimal.valueOf(values.length), DIGITS).sqrt(DIGITS);
  }

  /** Floats of any size, down to the subnormal ones. */
  private static float[] anyFloats(long seed, int count) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      do {
        values[i] = Float.intBitsToFloat(random.nextInt());
      } while (!Float.isFinite(values[i]));
    }
    return values;
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void nothingIsRoundedBeforeTheEnd(long seed) {
    for (float[] values :
        List.of(
            anyFloats(seed, 50),
            new float[] {1e8f, 1e8f + 8, 1e8f},
            new float[] {Float.MAX_VALUE, -Float.MAX_VALUE, Float.MIN_VALUE},
            new float[] {Float.MIN_VALUE, 3 * Float.MIN_VALUE},
            new float[] {Float.MAX_VALUE, Float.MAX_VALUE, -1})) {
      FeatureSums sums = FeatureSums.of(shard(0, values));
      BigDecimal mean = mean(values);
      assertThat(sums.mean(0)).isCloseTo(mean.doubleValue(), within(Math.ulp(mean.doubleValue())));
      double inverse = BigDecimal.ONE.divide(deviation(values), DIGITS).doubleValue();
      assertThat(sums.inverseDeviation(0)).isCloseTo(inverse, within(4 * Math.ulp(inverse)));
    }
  }

  @Test
  void anyGroupingGivesTheSame() {
    float[] values = anyFloats(7, 60);
    FeatureSums whole = FeatureSums.of(shard(0, values));
    SplittableRandom random = new SplittableRandom(1);
    for (int attempt = 0; attempt < 20; attempt++) {
      List<Float> left = new ArrayList<>();
      for (float value : values) {
        left.add(random.nextInt(left.size() + 1), value);
      }
      FeatureSums sum = FeatureSums.of(shard(0));
      while (!left.isEmpty()) {
        int count = 1 + random.nextInt(left.size());
        float[] group = new float[count];
        for (int i = 0; i < count; i++) {
          group[i] = left.remove(0);
        }
        sum = random.nextBoolean() ? sum.plus(sums(group)) : sums(group).plus(sum);
      }
      assertThat(sum).isEqualTo(whole).hasSameHashCodeAs(whole);
    }
  }

  private static FeatureSums sums(float... values) {
    return FeatureSums.of(shard(0, values));
  }

  @Test
  void whatHardlyVariesIsOnlyCentred() {
    assertThat(Normalizer.STANDARDIZE.of(sums(2.5f, 2.5f)))
        .isEqualTo(new Normalization(new float[] {2.5f}, new float[] {1}));
    assertThat(Normalizer.STANDARDIZE.of(sums(0, Float.MIN_VALUE)).scale()).containsExactly(1);
    assertThat(Normalizer.STANDARDIZE.of(sums(0, 4)))
        .isEqualTo(new Normalization(new float[] {2}, new float[] {0.5f}));
    assertThat(Normalizer.CENTER.of(sums(0, 4)))
        .isEqualTo(new Normalization(new float[] {2}, new float[] {1}));
  }

  /** Bytes count as their 255ths do, but for the rounding of those. */
  @Test
  void floatsAndBytesAgree() {
    FeatureSums bytes = FeatureSums.of(new HeapShard(0, 1, new byte[] {0, 51, -1}, new int[3]));
    FeatureSums floats = sums(0, 51 / 255f, 1);
    assertThat(floats.mean(0)).isCloseTo(bytes.mean(0), within(1e-8));
    assertThat(floats.inverseDeviation(0)).isCloseTo(bytes.inverseDeviation(0), within(1e-6));
    assertThatThrownBy(() -> floats.plus(bytes))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("cannot be added to sums over 3 examples of 1 features");
  }

  @Test
  void limbsComeInEighteensAndNines() {
    assertThatThrownBy(() -> new FloatSums(1, new long[9], new long[17]))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new FloatSums(-1, new long[9], new long[18]))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
