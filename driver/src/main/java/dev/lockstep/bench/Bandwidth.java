package dev.lockstep.bench;

/**
 * Bytes that one core moves in {@code a[i] = b[i] + s c[i]} (the triad of McCalpin's STREAM), where
 * reads and writes of the program are counted and nothing else.
 */
public final class Bandwidth {
  private static final float SCALE = 0.5f;
  private static final long PACK_NANOS = 1_000_000;
  private static final int PACKS = 15;

  private Bandwidth() {}

  /** The best of some measurements, in GB/s, over three arrays that take so many bytes together. */
  public static double gigabytesPerSecond(long bytes) {
    int length = Math.toIntExact(bytes / (3 * Float.BYTES));
    float[] a = new float[length];
    float[] b = new float[length];
    float[] c = new float[length];
    Runnable triad = () -> triad(a, b, c);
    Repeated.lasting(PACK_NANOS, triad).warmUp(50 * PACK_NANOS);
    Repeated repeated = Repeated.lasting(PACK_NANOS, triad);
    double best = 0;
    for (int i = 0; i < PACKS; i++) {
      best = Math.max(best, 3.0 * Float.BYTES * length / repeated.nanos());
    }
    return best;
  }

  private static void triad(float[] a, float[] b, float[] c) {
    for (int i = 0; i < a.length; i++) {
      a[i] = Math.fma(SCALE, c[i], b[i]);
    }
  }
}
