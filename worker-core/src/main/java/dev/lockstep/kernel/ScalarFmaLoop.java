package dev.lockstep.kernel;

/** {@link FmaLoop} without vectors. */
final class ScalarFmaLoop implements FmaLoop {
  @Override
  public long flops() {
    return 2L * CHAINS;
  }

  @Override
  public float run(int rounds) {
    // Each chain stays near 1, so nothing overflows and nothing becomes denormal.
    float a = 0.5f;
    float b = 0.5f;
    float s0 = 1.0f;
    float s1 = 1.0625f;
    float s2 = 1.125f;
    float s3 = 1.1875f;
    float s4 = 1.25f;
    float s5 = 1.3125f;
    float s6 = 1.375f;
    float s7 = 1.4375f;
    float s8 = 1.5f;
    float s9 = 1.5625f;
    float s10 = 1.625f;
    float s11 = 1.6875f;
    for (int r = 0; r < rounds; r++) {
      s0 = Math.fma(s0, a, b);
      s1 = Math.fma(s1, a, b);
      s2 = Math.fma(s2, a, b);
      s3 = Math.fma(s3, a, b);
      s4 = Math.fma(s4, a, b);
      s5 = Math.fma(s5, a, b);
      s6 = Math.fma(s6, a, b);
      s7 = Math.fma(s7, a, b);
      s8 = Math.fma(s8, a, b);
      s9 = Math.fma(s9, a, b);
      s10 = Math.fma(s10, a, b);
      s11 = Math.fma(s11, a, b);
    }
    return s0 + s1 + s2 + s3 + s4 + s5 + s6 + s7 + s8 + s9 + s10 + s11;
  }
}
