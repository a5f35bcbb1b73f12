package dev.lockstep.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.lockstep.fixture.Bits;
import dev.lockstep.fixture.KernelWidths;
import dev.lockstep.layer.Gelu;
import dev.lockstep.layer.GeluTanh;
import dev.lockstep.layer.Silu;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
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
    },
    EXPM1(0.87, 0) {
      @Override
      float of(float x) {
        return FloatMath.expm1(x);
      }

      @Override
      double exactly(double x) {
        return StrictMath.expm1(x);
      }

      @Override
      boolean isDefined(float x) {
        return !(x > 0);
      }
    },
    SOFTPLUS(1.68, 0) {
      @Override
      float of(float x) {
        return FloatMath.softplus(x);
      }

      @Override
      double exactly(double x) {
        return Math.max(x, 0) + StrictMath.log1p(StrictMath.exp(-Math.abs(x)));
      }

      @Override
      double allowed(float x, float rounded) {
        return x < -87 ? 1.7e-38 : super.allowed(x, rounded);
      }
    },
    NORMAL_CDF(6, 0) {
      @Override
      float of(float x) {
        return FloatMath.normalCdf(x);
      }

      @Override
      double exactly(double x) {
        return x == 0 ? 0.5 : GELU.exactly(x) / x;
      }

      @Override
      double allowed(float x, float rounded) {
        return x < -12.9f ? 1e-37 : super.allowed(x, rounded);
      }

      @Override
      boolean isDefined(float x) {
        return Float.isFinite(x);
      }
    },
    GELU(6.3, 1) {
      @Override
      float of(float x) {
        return FloatMath.gelu(x);
      }

      @Override
      double exactly(double x) {
        return x == Double.NEGATIVE_INFINITY ? 0 : new Gelu(1).exact(x);
      }

      @Override
      double allowed(float x, float rounded) {
        return x < -12.9f ? 1e-37 : super.allowed(x, rounded);
      }
    },
    GELU_SLOPE(0, 0) {
      @Override
      float of(float x) {
        return FloatMath.geluSlope(x);
      }

      @Override
      double exactly(double x) {
        double density = 0.3989422804014327 * StrictMath.exp(-x * x / 2);
        return NORMAL_CDF.exactly(x) + (density == 0 ? 0 : x * density);
      }

      @Override
      double allowed(float x, float rounded) {
        return 1.6e-7;
      }

      @Override
      boolean isDefined(float x) {
        return Float.isFinite(x);
      }
    },
    GELU_TANH(14.1, 1) {
      @Override
      float of(float x) {
        return FloatMath.geluTanh(x);
      }

      @Override
      double exactly(double x) {
        double exact = new GeluTanh(1).exact(x);
        return x == Double.NEGATIVE_INFINITY ? 0 : exact;
      }

      @Override
      double allowed(float x, float rounded) {
        return x < -3 ? 3.3e-9 : super.allowed(x, rounded);
      }
    },
    GELU_TANH_SLOPE(0, 0) {
      @Override
      float of(float x) {
        return FloatMath.geluTanhSlope(x);
      }

      @Override
      double exactly(double x) {
        double c = 2 * Math.sqrt(2 / Math.PI);
        double u = c * (x + 0.044715 * x * x * x);
        double rest = SIGMOID.exactly(-u);
        double steep = rest == 0 ? 0 : x * rest * c * (1 + 3 * 0.044715 * x * x);
        return SIGMOID.exactly(u) * (1 + steep);
      }

      @Override
      double allowed(float x, float rounded) {
        return 2.5e-7;
      }

      @Override
      boolean isDefined(float x) {
        return !(x < -1e6f);
      }
    },
    SILU(3.2, 1) {
      @Override
      float of(float x) {
        return FloatMath.silu(x);
      }

      @Override
      double exactly(double x) {
        return x == Double.NEGATIVE_INFINITY ? 0 : new Silu(1).exact(x);
      }

      @Override
      double allowed(float x, float rounded) {
        return x < -87 ? 1.3e-43 : super.allowed(x, rounded);
      }
    },
    SILU_SLOPE(0, 0) {
      @Override
      float of(float x) {
        return FloatMath.siluSlope(x);
      }

      @Override
      double exactly(double x) {
        double rest = SIGMOID.exactly(-x);
        return SIGMOID.exactly(x) * (1 + (rest == 0 ? 0 : x * rest));
      }

      @Override
      double allowed(float x, float rounded) {
        return 2.3e-7;
      }

      @Override
      boolean isDefined(float x) {
        return !(x < -700);
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

    /** Whether the Javadoc promises anything there. */
    boolean isDefined(float x) {
      return true;
    }

    /** The error that the Javadoc allows. */
    double allowed(float x, float rounded) {
      boolean isSubnormal = Math.abs(rounded) < Float.MIN_NORMAL;
      return Math.ulp(rounded) * (isSubnormal ? subnormalBound : bound);
    }

    /** Error over bound: below 1, as promised; infinite for a wrong infinity or NaN. */
    double excess(float x) {
      if (!isDefined(x)) {
        return 0;
      }
      float y = of(x);
      double want = exactly(x);
      float rounded = (float) want;
      if (y == rounded || (Float.isNaN(y) && Float.isNaN(rounded))) {
        return 0;
      }
      if (!Float.isFinite(y) || !Float.isFinite(rounded)) {
        return Double.POSITIVE_INFINITY;
      }
      return Math.abs(y - want) / allowed(x, rounded);
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
    "SIGMOID, -0x1.5d5974p6",
    "EXPM1, -0x1.63dcdep-2",
    "SOFTPLUS, -0x1.813f36p-1",
    "NORMAL_CDF, -0x1.9b005ep3",
    "GELU, -0x1.93b16p3",
    "GELU_SLOPE, 0x1.1a1feap-5",
    "GELU_TANH, -0x1.7da276p1",
    "GELU_TANH, -0x1.801854p1",
    "GELU_TANH_SLOPE, 0x1.6fe6e2p0",
    "SILU, -0x1.e7cfb2p2",
    "SILU_SLOPE, 0x1.5e13eep1"
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

  /** Against 40 digits. */
  @ParameterizedTest
  @CsvSource({
    "-9, -1.0157295653584566e-18",
    "-5, -1.4332578593959696e-6",
    "-3.5, -0.00081420177662433763",
    "-2.75, -0.0081943488964000311",
    "-1, -0.15865525393145705",
    "-0.125, -0.056282721896235888",
    "0.25, 0.14967658142073093",
    "1.5, 1.3997891980967129",
    "2.9, 2.8945891414288863",
    "3.1, 3.0970004300390231",
    "6, 5.9999999940804741"
  })
  void geluInDoubleIsRightWhereItIsTheMeasure(double x, double want) {
    assertThat(new Gelu(1).exact(x)).isCloseTo(want, within(4e-14 * Math.abs(want)));
  }

  /** At every p that noise asks for in 64, against the distribution. */
  @Test
  void normalQuantileIsNearThePointAboveWhichItsPartLies() {
    for (int k = 0; k < 1 << 23; k += 64) {
      float p = (k + 0.5f) * 0x1p-24f;
      float quantile = FloatMath.normalQuantile(p);
      double density = 0.3989422804014327 * StrictMath.exp(-(double) quantile * quantile / 2);
      double above = quantile == 0 ? 0.5 : new Gelu(1).exact(-quantile) / -quantile;
      assertThat(Math.abs(above - p) / density).as("p = %s", p).isLessThan(1.3e-6);
    }
  }

  private static void apply(Function function, ElementKernels kernels, float[] y, float[] ones) {
    switch (function) {
      case TANH -> kernels.tanh(y, 0, y.length);
      case SIGMOID -> kernels.sigmoid(y, 0, y.length);
      case SOFTPLUS -> kernels.softplus(y, 0, y.length);
      case GELU -> kernels.gelu(y, 0, y.length);
      case GELU_TANH -> kernels.geluTanh(y, 0, y.length);
      case SILU -> kernels.silu(y, 0, y.length);
      case GELU_SLOPE -> kernels.geluGradient(y, 0, ones, 0, y.length);
      case GELU_TANH_SLOPE -> kernels.geluTanhGradient(y, 0, ones, 0, y.length);
      case SILU_SLOPE -> kernels.siluGradient(y, 0, ones, 0, y.length);
      case EXP, LOG, EXPM1, NORMAL_CDF -> throw new AssertionError("no kernel is just this");
    }
  }

  /** One float in 997 of all there are. */
  @ParameterizedTest
  @ValueSource(ints = {128, 256, 512})
  void theVectorFormsGiveTheSameBits(int bits) {
    Kernels vector = KernelWidths.vector(bits);
    Set<Function> withoutKernel =
        EnumSet.of(Function.EXP, Function.LOG, Function.EXPM1, Function.NORMAL_CDF);
    float[] x = new float[1 << 16];
    for (long first = 0; first < 1L << 32; first += 997L * x.length) {
      for (int i = 0; i < x.length; i++) {
        x[i] = Float.intBitsToFloat((int) (first + 997L * i));
      }
      for (Function function : EnumSet.complementOf(EnumSet.copyOf(withoutKernel))) {
        float[] expected = new float[x.length];
        for (int i = 0; i < x.length; i++) {
          expected[i] = function.of(x[i]);
        }
        float[] y = x.clone();
        float[] ones = new float[x.length];
        Arrays.fill(ones, 1f);
        apply(function, vector.elements(), y, ones);
        boolean isSlope = function.name().endsWith("SLOPE");
        Bits.assertSame(function, isSlope ? ones : y, expected);
      }
    }
  }
}
