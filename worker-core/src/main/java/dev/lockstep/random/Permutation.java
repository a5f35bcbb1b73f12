package dev.lockstep.random;

/**
 * A permutation of [0, n) that is computed from its key and never stored: item i of an order needs
 * no item before it, on any machine.
 *
 * <p>An alternating Feistel network over the smallest power of two that holds n, walked along its
 * cycle until it lands below n (Black and Rogaway, "Ciphers with Arbitrary Finite Domains", 2002);
 * the walk takes fewer than two turns on average. The round function is a multiplicative hash, not
 * a cipher: it shuffles, it hides nothing.
 */
public final class Permutation {
  private static final int ROUNDS = 8;

  private final long n;
  private final int rightBits;
  private final int leftMask;
  private final int rightMask;
  private final int[] keys;

  private Permutation(long n, int[] keys) {
    if (n < 0) {
      throw new IllegalArgumentException("a permutation of " + n + " items: want 0 or more");
    }
    int bits = n <= 4 ? 2 : Long.SIZE - Long.numberOfLeadingZeros(n - 1);
    this.n = n;
    this.rightBits = (bits + 1) / 2;
    this.leftMask = (int) ((1L << (bits - rightBits)) - 1);
    this.rightMask = (int) ((1L << rightBits) - 1);
    this.keys = keys;
  }

  /** The order of n items in which each stands at its own place. */
  public static Permutation identity(long n) {
    return new Permutation(n, new int[0]);
  }

  /** The order of n items keyed by (seed, purpose, a, b). */
  public static Permutation of(long n, long seed, Purpose purpose, int a, int b) {
    int[] keys = new int[ROUNDS];
    int[] words = new int[4];
    for (int r = 0; r < ROUNDS; r += 4) {
      Philox.words(seed, purpose, a, b, r / 4, words);
      System.arraycopy(words, 0, keys, r, 4);
    }
    return new Permutation(n, keys);
  }

  /** How many items are permuted. */
  public long size() {
    return n;
  }

  /** The item at a position in [0, n). */
  public long apply(long position) {
    check(position);
    long value = position;
    do {
      value = forward(value);
    } while (value >= n);
    return value;
  }

  /** The position at which an item in [0, n) stands: {@code inverse(apply(p)) == p}. */
  public long inverse(long item) {
    check(item);
    long value = item;
    do {
      value = backward(value);
    } while (value >= n);
    return value;
  }

  private void check(long value) {
    if (value < 0 || value >= n) {
      throw new IndexOutOfBoundsException("index " + value + " of a permutation of " + n);
    }
  }

  private long forward(long value) {
    int left = (int) (value >>> rightBits);
    int right = (int) value & rightMask;
    for (int r = 0; r < keys.length; r += 2) {
      left ^= hash(right, keys[r]) & leftMask;
      right ^= hash(left, keys[r + 1]) & rightMask;
    }
    return join(left, right);
  }

  private long backward(long value) {
    int left = (int) (value >>> rightBits);
    int right = (int) value & rightMask;
    for (int r = keys.length; r > 0; r -= 2) {
      right ^= hash(left, keys[r - 1]) & rightMask;
      left ^= hash(right, keys[r - 2]) & leftMask;
    }
    return join(left, right);
  }

  private long join(int left, int right) {
    return (left & 0xFFFFFFFFL) << rightBits | (right & 0xFFFFFFFFL);
  }

  /** The finaliser of MurmurHash3 over a keyed word. */
  private static int hash(int value, int key) {
    int h = (value ^ key) * 0x9E3779B1 + key;
    h = (h ^ h >>> 16) * 0x85EBCA6B;
    h = (h ^ h >>> 13) * 0xC2B2AE35;
    return h ^ h >>> 16;
  }
}
