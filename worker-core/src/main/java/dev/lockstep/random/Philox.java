package dev.lockstep.random;

/**
 * The counter-based generator Philox4x32-10: a keyed bijection of 128-bit counters whose outputs
 * pass BigCrush.
 *
 * <p>Salmon, Moraes, Dror and Shaw, "Parallel Random Numbers: As Easy as 1, 2, 3", SC 2011. The
 * 64-bit seed is the key; the last counter word holds the {@link Purpose}.
 */
public final class Philox {
  /** The constants of the round function and the key schedule, for vector forms. */
  public static final int MULTIPLIER_0 = 0xD2511F53;

  public static final int MULTIPLIER_1 = 0xCD9E8D57;
  public static final int WEYL_0 = 0x9E3779B9;
  public static final int WEYL_1 = 0xBB67AE85;
  public static final int ROUNDS = 10;

  private Philox() {}

  /**
   * Four random words.
   *
   * @param seed the key
   * @param purpose the stream
   * @param a first counter word
   * @param b second counter word
   * @param c third counter word
   * @param out receives the four words, overwritten
   */
  public static void words(long seed, Purpose purpose, int a, int b, int c, int[] out) {
    block((int) seed, (int) (seed >>> 32), a, b, c, purpose.code(), out);
  }

  /** The raw block function: {@code out[0..3]} of counter (c0, c1, c2, c3) under key (k0, k1). */
  static void block(int k0, int k1, int c0, int c1, int c2, int c3, int[] out) {
    for (int round = 0; round < ROUNDS; round++) {
      long product0 = (MULTIPLIER_0 & 0xFFFFFFFFL) * (c0 & 0xFFFFFFFFL);
      long product1 = (MULTIPLIER_1 & 0xFFFFFFFFL) * (c2 & 0xFFFFFFFFL);
      c0 = (int) (product1 >>> 32) ^ c1 ^ k0;
      c1 = (int) product1;
      c2 = (int) (product0 >>> 32) ^ c3 ^ k1;
      c3 = (int) product0;
      k0 += WEYL_0;
      k1 += WEYL_1;
    }
    out[0] = c0;
    out[1] = c1;
    out[2] = c2;
    out[3] = c3;
  }

  /** The uniform number in [0, 1) that the top 24 bits of {@code word} stand for; exact. */
  public static float toUniform(int word) {
    return (word >>> 8) * 0x1p-24f;
  }
}
