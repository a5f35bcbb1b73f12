package dev.lockstep.kernel;

/**
 * Elementary functions of float as fixed sequences of IEEE operations: the same bits on every JVM
 * and CPU, and lane by lane in the vector kernels, which repeat these sequences.
 *
 * <p>Range reduction and coefficients follow S. Moshier's Cephes library (expf, logf, tanhf), with
 * every multiply-add fused. Bounds are against the exact value, in ulp of that value rounded to
 * float; they were measured over all floats. {@code exp}, {@code log} and {@code tanh} never
 * decrease where their argument grows; {@code sigmoid} dips by 1 ulp here and there below 0.
 */
@SuppressWarnings("FloatingPointLiteralPrecision") // the digits are those of the source
public final class FloatMath {
  /** Adding and subtracting 1.5 * 2^23 rounds a float to the nearest integer, ties to even. */
  public static final float ROUNDER = 0x1.8p23f;

  public static final float LOG2_E = 0x1.715476p0f;

  /** ln 2 in two parts, the first with trailing zeros so that small multiples are exact. */
  public static final float LN2_HIGH = 0.693359375f;

  public static final float LN2_LOW = -2.12194440e-4f;

  /** Beyond these exp is infinite and zero; arguments are clamped to them. */
  public static final float EXP_MAX = 89f;

  public static final float EXP_MIN = -104.5f;

  public static final float EXP_C5 = 1.9875691500e-4f;
  public static final float EXP_C4 = 1.3981999507e-3f;
  public static final float EXP_C3 = 8.3334519073e-3f;
  public static final float EXP_C2 = 4.1665795894e-2f;
  public static final float EXP_C1 = 1.6666665459e-1f;
  public static final float EXP_C0 = 5.0000001201e-1f;

  /** Below this tanh is a polynomial, above it comes from exp. */
  public static final float TANH_SPLIT = 0.625f;

  public static final float TANH_C4 = -5.70498872745e-3f;
  public static final float TANH_C3 = 2.06390887954e-2f;
  public static final float TANH_C2 = -5.37397155531e-2f;
  public static final float TANH_C1 = 1.33314422036e-1f;
  public static final float TANH_C0 = -3.33332819422e-1f;

  /** Coefficients of log(1 + f) = f - f^2 / 2 + f^3 P(f), for 1 + f in [sqrt(1/2), sqrt(2)). */
  public static final float LOG_C8 = 7.0376836292e-2f;

  public static final float LOG_C7 = -1.1514610310e-1f;
  public static final float LOG_C6 = 1.1676998740e-1f;
  public static final float LOG_C5 = -1.2420140846e-1f;
  public static final float LOG_C4 = 1.4249322787e-1f;
  public static final float LOG_C3 = -1.6668057665e-1f;
  public static final float LOG_C2 = 2.0000714765e-1f;
  public static final float LOG_C1 = -2.4999993993e-1f;
  public static final float LOG_C0 = 3.3333331174e-1f;

  /** Above this log(1 + z) halves its argument: sqrt(2) - 1. */
  public static final float LOG1P_SPLIT = 0.41421354f;

  /** The bits of 1. */
  public static final int ONE_BITS = 127 << 23;

  /** Below this softplus stays as it is: 1.6e-38. */
  public static final float SOFTPLUS_MAX = 87f;

  /** Below this e^x - 1 is -1. */
  public static final float EXPM1_MIN = -20f;

  /** Beyond this on either side the tail of the normal distribution stays as it is: 6e-39. */
  public static final float NORMAL_MAX = 13f;

  /** How the tail's argument a becomes t = 1 / (1 + 0.35 a). */
  public static final float NORMAL_T = 0.35f;

  /**
   * Coefficients of Q(a) = t P(1 - t) e^(-a^2 / 2), relative error 4e-8; fitted for this class.
   * (The form is that of Abramowitz and Stegun, "Handbook of Mathematical Functions", 1964,
   * 26.2.17.)
   */
  public static final float NORMAL_C8 = -0.02888432331f;

  public static final float NORMAL_C7 = 0.08827970177f;
  public static final float NORMAL_C6 = -0.06267305464f;
  public static final float NORMAL_C5 = -0.01714383438f;
  public static final float NORMAL_C4 = -0.06370788813f;
  public static final float NORMAL_C3 = 0.1025241092f;
  public static final float NORMAL_C2 = 0.2610604763f;
  public static final float NORMAL_C1 = -0.6398329139f;
  public static final float NORMAL_C0 = 0.5f;

  /** 1 / sqrt(2 pi). */
  public static final float NORMAL_DENSITY = 0.3989422804f;

  /** Below this {@code silu} is -0. */
  public static final float SILU_MIN = -105f;

  /** Beyond this on either side the tanh of {@code geluTanh} is 1. */
  public static final float GELU_TANH_MAX = 12f;

  /** 2 sqrt(2 / pi), and that times 0.044715. */
  public static final float GELU_TANH_C0 = 1.5957691216f;

  public static final float GELU_TANH_C1 = 0.07135481627f;

  private FloatMath() {}

  /**
   * e^x within 1.02 ulp (0.76 where the result is subnormal); +infinity above 88.73, +0 below
   * -103.98.
   */
  public static float exp(float x) {
    float clamped = Math.min(Math.max(x, EXP_MIN), EXP_MAX);
    float shifted = Math.fma(clamped, LOG2_E, ROUNDER);
    float n = shifted - ROUNDER;
    float r = Math.fma(n, -LN2_HIGH, clamped);
    r = Math.fma(n, -LN2_LOW, r);
    float p = Math.fma(expPolynomial(r), r * r, r) + 1f;
    // 2^n in two factors, each a normal float, so that the only rounding is the last one.
    int exponent = Float.floatToRawIntBits(shifted) - Float.floatToRawIntBits(ROUNDER);
    int half = exponent >> 1;
    float scale1 = Float.intBitsToFloat((half + 127) << 23);
    float scale2 = Float.intBitsToFloat((exponent - half + 127) << 23);
    return p * scale1 * scale2;
  }

  /** Natural logarithm within 0.83 ulp; NaN below 0, -infinity at 0. */
  public static float log(float x) {
    if (!(x > 0)) {
      return x == 0 ? Float.NEGATIVE_INFINITY : Float.NaN;
    }
    if (x == Float.POSITIVE_INFINITY) {
      return x;
    }
    int bias = 0;
    if (x < Float.MIN_NORMAL) {
      x *= 0x1p24f;
      bias = 24;
    }
    // x = m * 2^e with m in [sqrt(1/2), sqrt(2)).
    int bits = Float.floatToRawIntBits(x) - 0x3f3504f3;
    int e = (bits >> 23) - bias;
    float m = Float.intBitsToFloat((bits & 0x007fffff) + 0x3f3504f3);
    float f = m - 1f;
    float z = f * f;
    float p = logPolynomial(f);
    float y = p * f * z;
    y = Math.fma(e, LN2_LOW, y);
    y = Math.fma(-0.5f, z, y);
    return Math.fma(e, LN2_HIGH, f + y);
  }

  private static float logPolynomial(float f) {
    float p = Math.fma(LOG_C8, f, LOG_C7);
    p = Math.fma(p, f, LOG_C6);
    p = Math.fma(p, f, LOG_C5);
    p = Math.fma(p, f, LOG_C4);
    p = Math.fma(p, f, LOG_C3);
    p = Math.fma(p, f, LOG_C2);
    p = Math.fma(p, f, LOG_C1);
    return Math.fma(p, f, LOG_C0);
  }

  /** log(1 + z) for z from 0 to 1. */
  private static float log1p(float z) {
    boolean isHalved = z > LOG1P_SPLIT;
    float e = isHalved ? 1f : 0f;
    float f = isHalved ? (z - 1f) * 0.5f : z;
    float ff = f * f;
    float y = logPolynomial(f) * f * ff;
    y = Math.fma(e, LN2_LOW, y);
    y = Math.fma(-0.5f, ff, y);
    return Math.fma(e, LN2_HIGH, f + y);
  }

  /** e^x - 1 for x of 0 or less, within 0.87 ulp. */
  public static float expm1(float x) {
    float clamped = Math.max(x, EXPM1_MIN);
    float shifted = Math.fma(clamped, LOG2_E, ROUNDER);
    float scale = powerOfTwo(shifted);
    return Math.fma(reducedExpm1(clamped, shifted - ROUNDER), scale, scale - 1f);
  }

  /** e^x for x from -87 to 0, where no result is subnormal. */
  private static float normalRangeExp(float x) {
    float shifted = Math.fma(x, LOG2_E, ROUNDER);
    float scale = powerOfTwo(shifted);
    return Math.fma(reducedExpm1(x, shifted - ROUNDER), scale, scale);
  }

  /** e^(x - n ln 2) - 1. */
  private static float reducedExpm1(float x, float n) {
    float r = Math.fma(n, -LN2_HIGH, x);
    r = Math.fma(n, -LN2_LOW, r);
    return Math.fma(expPolynomial(r), r * r, r);
  }

  private static float expPolynomial(float r) {
    float p = Math.fma(EXP_C5, r, EXP_C4);
    p = Math.fma(p, r, EXP_C3);
    p = Math.fma(p, r, EXP_C2);
    p = Math.fma(p, r, EXP_C1);
    return Math.fma(p, r, EXP_C0);
  }

  /** 2^n of n + {@link #ROUNDER}, whose low bits are n; n from -126 to 127. */
  private static float powerOfTwo(float shifted) {
    return Float.intBitsToFloat((Float.floatToRawIntBits(shifted) << 23) + ONE_BITS);
  }

  /**
   * log(1 + e^x) = max(x, 0) + log(1 + e^-|x|) within 1.68 ulp where x is above -87; 1.6e-38 below.
   */
  public static float softplus(float x) {
    return Math.max(x, 0f) + log1p(normalRangeExp(-Math.min(Math.abs(x), SOFTPLUS_MAX)));
  }

  /** Hyperbolic tangent within 1.34 ulp; +0 at -0. */
  public static float tanh(float x) {
    float magnitude = Math.abs(x);
    if (magnitude < TANH_SPLIT) {
      float z = x * x;
      float p = Math.fma(TANH_C4, z, TANH_C3);
      p = Math.fma(p, z, TANH_C2);
      p = Math.fma(p, z, TANH_C1);
      p = Math.fma(p, z, TANH_C0);
      return Math.fma(p * z, x, x);
    }
    float t = 1f - 2f / (exp(2f * magnitude) + 1f);
    return Math.copySign(t, x);
  }

  /** The logistic function 1 / (1 + e^-x) within 2.41 ulp (0.76 where it is subnormal). */
  public static float sigmoid(float x) {
    float e = exp(-Math.abs(x));
    return (x < 0 ? e : 1f) / (1f + e);
  }

  /**
   * The part of the standard normal distribution that lies below x, within 6 ulp where x is above
   * -12.9; below that within 1e-37.
   */
  public static float normalCdf(float x) {
    float a = Math.min(Math.abs(x), NORMAL_MAX);
    float tail = normalTail(a, normalExp(a));
    return x < 0 ? tail : 1f - tail;
  }

  /** e^(-a^2 / 2), with what rounding the square has lost. */
  private static float normalExp(float a) {
    float square = a * a;
    float lost = Math.fma(a, a, -square);
    float e = normalRangeExp(-0.5f * square);
    return Math.fma(-0.5f * e, lost, e);
  }

  private static float normalTail(float a, float e) {
    float scaled = NORMAL_T * a;
    float t = 1f / (1f + scaled);
    float u = scaled * t;
    float p = Math.fma(NORMAL_C8, u, NORMAL_C7);
    p = Math.fma(p, u, NORMAL_C6);
    p = Math.fma(p, u, NORMAL_C5);
    p = Math.fma(p, u, NORMAL_C4);
    p = Math.fma(p, u, NORMAL_C3);
    p = Math.fma(p, u, NORMAL_C2);
    p = Math.fma(p, u, NORMAL_C1);
    p = Math.fma(p, u, NORMAL_C0);
    return p * t * e;
  }

  /**
   * {@code x} times {@link #normalCdf}, as {@code max(x, 0) - |x| tail}: within 6.3 ulp where x is
   * above -12.9; below that within 1e-37.
   */
  public static float gelu(float x) {
    float a = Math.min(Math.abs(x), NORMAL_MAX);
    return Math.fma(-a, normalTail(a, normalExp(a)), Math.max(x, 0f));
  }

  /**
   * The derivative of {@link #gelu}, {@code cdf(x) + x e^(-x^2 / 2) / sqrt(2 pi)}, within 1.6e-7.
   */
  public static float geluSlope(float x) {
    float a = Math.min(Math.abs(x), NORMAL_MAX);
    float e = normalExp(a);
    float below = Math.fma(-NORMAL_DENSITY * a, e, normalTail(a, e));
    return x < 0 ? below : 1f - below;
  }

  /**
   * {@code x / 2 (1 + tanh u) = x / (1 + e^-2u)} with u = sqrt(2 / pi) (x + 0.044715 x^3), within
   * 14.1 ulp where x is above -3; below that within 3.3e-9.
   */
  public static float geluTanh(float x) {
    float c = Math.min(Math.max(x, -GELU_TANH_MAX), GELU_TANH_MAX);
    float u = c * Math.fma(GELU_TANH_C1, c * c, GELU_TANH_C0);
    return Math.max(x, -GELU_TANH_MAX) * sigmoid(u);
  }

  /** The derivative of {@link #geluTanh}, within 2.5e-7. */
  public static float geluTanhSlope(float x) {
    float c = Math.min(Math.max(x, -GELU_TANH_MAX), GELU_TANH_MAX);
    float z = c * c;
    float u = c * Math.fma(GELU_TANH_C1, z, GELU_TANH_C0);
    return sigmoidTimes(u, c * Math.fma(3f * GELU_TANH_C1, z, GELU_TANH_C0));
  }

  /** {@code x / (1 + e^-x)} within 3.2 ulp where x is above -87; below that within 1.3e-43. */
  public static float silu(float x) {
    return Math.max(x, SILU_MIN) * sigmoid(x);
  }

  /** The derivative of {@link #silu}, within 2.3e-7. */
  public static float siluSlope(float x) {
    return sigmoidTimes(x, Math.min(Math.max(x, SILU_MIN), -SILU_MIN));
  }

  /** {@code s (1 + v (1 - s))} where s is the sigmoid of u; 1 - s loses nothing. */
  private static float sigmoidTimes(float u, float v) {
    float e = exp(-Math.abs(u));
    float sum = 1f + e;
    boolean isNegative = u < 0;
    float s = (isNegative ? e : 1f) / sum;
    float rest = (isNegative ? 1f : e) / sum;
    return s * Math.fma(v, rest, 1f);
  }

  /**
   * The x above which a part p of the standard normal distribution lies, for p from 2^-36 to 0.5,
   * within 1.3e-6. (Wichura, "Algorithm AS 241: The Percentage Points of the Normal Distribution",
   * 1988, PPND7.)
   */
  public static float normalQuantile(float p) {
    float q = 0.5f - p;
    if (q <= 0.425f) {
      float r = Math.fma(-q, q, 0.180625f);
      float above = Math.fma(r, 5.9109374720e1f, 1.5929113202e2f);
      above = Math.fma(above, r, 5.0434271938e1f);
      above = Math.fma(above, r, 3.3871327179e0f);
      float below = Math.fma(r, 6.7187563600e1f, 7.8757757664e1f);
      below = Math.fma(below, r, 1.7895169469e1f);
      below = Math.fma(below, r, 1f);
      return q * above / below;
    }
    float r = (float) Math.sqrt(-log(p)) - 1.6f;
    float above = Math.fma(r, 1.7023821103e-1f, 1.3067284816e0f);
    above = Math.fma(above, r, 2.7568153900e0f);
    above = Math.fma(above, r, 1.4234372777e0f);
    float below = Math.fma(r, 1.2021132975e-1f, 7.3700164250e-1f);
    below = Math.fma(below, r, 1f);
    return above / below;
  }
}
