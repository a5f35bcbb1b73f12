package dev.lockstep.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.fixture.Bits;
import dev.lockstep.fixture.KernelWidths;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The elementary functions against StrictMath in double, whose error is nothing here. */
class FloatMathTest {
  /** A prime: over the sweep each bit of the mantissa meets each exponent. */
  private static final int STRIDE = 97;

  private interface FloatFunction {
    float of(float x);
  }

  /** The functions and the bounds that their Javadoc states, the second for subnormal results. */
  private enum Function {
    EXP(1.02, 0.76) {
      @Override
      float of(float x) {
        return FloatMath.exp(x);
      }

      @Override
      double exactly(double x) {
        return StrictMath.exp(x);
      }
    },
    LOG(0.83, 0) {
      @Override
      float of(float x) {
        return FloatMath.log(x);
      }

      @Override
      double exactly(double x) {
        return StrictMath.log(x);
      }
    },
    TANH(1.34, 0) {
      @Override
      float of(float x) {
        return FloatMath.tanh(x);
      }

      @Override
      double exactly(double x) {
        return StrictMath.tanh(x);
      }
    },
    SIGMOID(2.41, 0.76) {
      @Override
      float of(float x) {
        return FloatMath.sigmoid(x);
      }

      @Override
      double exactly(double x) {
        return x >= 0 ? 1 / (1 + StrictMath.exp(-x)) : StrictMath.exp(x) / (1 + StrictMath.exp(x));
      }
    };

    private final double bound;
    private final double subnormalBound;

    Function(double bound, double subnormalBound) {
      this.bound = bound;
      this.subnormalBound = subnormalBound;
    }

    abstract float of(float x);

    abstract double exactly(double x);

    /** Error over bound: below 1, as promised; infinite for a wrong infinity or NaN. */
    double excess(float x) {
      float y = of(x);
      double want = exactly(x);
      float rounded = (float) want;
      if (y == rounded || (Float.isNaN(y) && Float.isNaN(rounded))) {
        return 0;
      }
      if (!Float.isFinite(y) || !Float.isFinite(rounded)) {
        return Double.POSITIVE_INFINITY;
      }
      boolean isSubnormal = Math.abs(rounded) < Float.MIN_NORMAL;
      return Math.abs(y - want) / Math.ulp(rounded) / (isSubnormal ? subnormalBound : bound);
    }
  }

  @ParameterizedTest
  @EnumSource
  void errorsStayWithinTheBoundsOfTheJavadoc(Function function) {
    double worst = 0;
    float at = 0;
    for (long bits = 0; bits < 1L << 32; bits += STRIDE) {
      float x = Float.intBitsToFloat((int) bits);
      double excess = function.excess(x);
      if (excess > worst) {
        worst = excess;
        at = x;
      }
    }
    assertThat(worst).as("error over bound, largest at %a", at).isLessThan(1);
  }

  /** Where a sweep over all floats found the largest errors. */
  @ParameterizedTest
  @CsvSource({
    "EXP, -0x1.782f42p2",
    "EXP, 0x1.aba87cp4",
    "EXP, -0x1.5d5974p6",
    "LOG, 0x1.69e472p0",
    "TANH, 0x1.41b1cap-1",
    "TANH, -0x1.41b1cap-1",
    "SIGMOID, 0x1.f6fd5p2",
    "SIGMOID, -0x1.0a111ap2",
    "SIGMOID, -0x1.5d5974p6"
  })
  void theWorstFloatsOfAllComeNearTheBound(Function function, String x) {
    assertThat(function.excess(Float.parseFloat(x))).isBetween(0.6, 1.0);
  }

  @Test
  void expNeverDecreasesWhereItsReductionSwitches() {
    assertNeverDecreases(
        FloatMath::exp, IntStream.rangeClosed(-152, 129).mapToDouble(n -> (n + 0.5) * Math.log(2)));
    assertNeverDecreases(FloatMath::exp, DoubleStream.of(FloatMath.EXP_MIN, FloatMath.EXP_MAX, 0));
  }

  @Test
  void logNeverDecreasesWhereItsReductionSwitches() {
    assertNeverDecreases(
        FloatMath::log,
        IntStream.rangeClosed(-138, 127).mapToDouble(n -> Math.scalb(Math.sqrt(0.5), n)));
    assertNeverDecreases(
        FloatMath::log, IntStream.rangeClosed(-138, 127).mapToDouble(n -> Math.scalb(1.0, n)));
  }

  @Test
  void tanhNeverDecreasesWhereItSwitchesAndWhereItSaturates() {
    double split = FloatMath.TANH_SPLIT;
    assertNeverDecreases(FloatMath::tanh, DoubleStream.of(-9.01, -split, 0, split, 9.01));
  }

  /** Over a thousand floats on either side of each place. */
  private static void assertNeverDecreases(FloatFunction function, DoubleStream places) {
    places.forEach(
        place -> {
          float x = (float) place;
          for (int i = 0; i < 1000; i++) {
            x = Math.nextDown(x);
          }
          for (int i = 0; i < 2000; i++) {
            float next = Math.nextUp(x);
            assertThat(function.of(next)).as("at %a", next).isGreaterThanOrEqualTo(function.of(x));
            x = next;
          }
        });
  }

  @Test
  void specialCases() {
    float infinity = Float.POSITIVE_INFINITY;
    assertThat(FloatMath.exp(Float.NaN)).isNaN();
    Bits.assertSame("exp -inf", FloatMath.exp(-infinity), 0f);
    Bits.assertSame("exp -104", FloatMath.exp(-103.98f), 0f);
    Bits.assertSame("exp -103.97", FloatMath.exp(-103.97f), Float.MIN_VALUE);
    Bits.assertSame("exp -0", FloatMath.exp(-0f), 1f);
    Bits.assertSame("exp 0", FloatMath.exp(0f), 1f);
    assertThat(FloatMath.exp(88.72f)).isFinite();
    Bits.assertSame("exp 88.73", FloatMath.exp(88.73f), infinity);
    Bits.assertSame("exp inf", FloatMath.exp(infinity), infinity);

    assertThat(FloatMath.log(Float.NaN)).isNaN();
    assertThat(FloatMath.log(-Float.MIN_VALUE)).isNaN();
    assertThat(FloatMath.log(-infinity)).isNaN();
    Bits.assertSame("log 0", FloatMath.log(0f), -infinity);
    Bits.assertSame("log -0", FloatMath.log(-0f), -infinity);
    Bits.assertSame("log 1", FloatMath.log(1f), 0f);
    Bits.assertSame("log inf", FloatMath.log(infinity), infinity);

    assertThat(FloatMath.tanh(Float.NaN)).isNaN();
    Bits.assertSame("tanh 0", FloatMath.tanh(0f), 0f);
    Bits.assertSame("tanh -0", FloatMath.tanh(-0f), 0f);
    Bits.assertSame("tanh min", FloatMath.tanh(-Float.MIN_VALUE), -Float.MIN_VALUE);
    Bits.assertSame("tanh inf", FloatMath.tanh(infinity), 1f);
    Bits.assertSame("tanh -inf", FloatMath.tanh(-infinity), -1f);

    assertThat(FloatMath.sigmoid(Float.NaN)).isNaN();
    Bits.assertSame("sigmoid 0", FloatMath.sigmoid(0f), 0.5f);
    Bits.assertSame("sigmoid -0", FloatMath.sigmoid(-0f), 0.5f);
    Bits.assertSame("sigmoid inf", FloatMath.sigmoid(infinity), 1f);
    Bits.assertSame("sigmoid -inf", FloatMath.sigmoid(-infinity), 0f);
  }

  /** One float in 997 of all there are. */
  @ParameterizedTest
  @ValueSource(ints = {128, 256, 512})
  void theVectorFormsGiveTheSameBits(int bits) {
    Kernels vector = KernelWidths.vector(bits);
    float[] x = new float[1 << 16];
    for (long first = 0; first < 1L << 32; first += 997L * x.length) {
      for (int i = 0; i < x.length; i++) {
        x[i] = Float.intBitsToFloat((int) (first + 997L * i));
      }
      float[] expected = new float[x.length];
      for (int i = 0; i < x.length; i++) {
        expected[i] = FloatMath.tanh(x[i]);
      }
      float[] actual = x.clone();
      vector.elements().tanh(actual, 0, actual.length);
      Bits.assertSame("tanh", actual, expected);
      for (int i = 0; i < x.length; i++) {
        expected[i] = FloatMath.sigmoid(x[i]);
      }
      actual = x.clone();
      vector.elements().sigmoid(actual, 0, actual.length);
      Bits.assertSame("sigmoid", actual, expected);
    }
  }
}
