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
    float p = Math.fma(EXP_C5, r, EXP_C4);
    p = Math.fma(p, r, EXP_C3);
    p = Math.fma(p, r, EXP_C2);
    p = Math.fma(p, r, EXP_C1);
    p = Math.fma(p, r, EXP_C0);
    p = Math.fma(p, r * r, r) + 1f;
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
    float p = Math.fma(7.0376836292e-2f, f, -1.1514610310e-1f);
    p = Math.fma(p, f, 1.1676998740e-1f);
    p = Math.fma(p, f, -1.2420140846e-1f);
    p = Math.fma(p, f, 1.4249322787e-1f);
    p = Math.fma(p, f, -1.6668057665e-1f);
    p = Math.fma(p, f, 2.0000714765e-1f);
    p = Math.fma(p, f, -2.4999993993e-1f);
    p = Math.fma(p, f, 3.3333331174e-1f);
    float y = p * f * z;
    y = Math.fma(e, LN2_LOW, y);
    y = Math.fma(-0.5f, z, y);
    return Math.fma(e, LN2_HIGH, f + y);
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
}
