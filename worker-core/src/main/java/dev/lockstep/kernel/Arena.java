package dev.lockstep.kernel;

/**
 * Hands out matrices that begin on cache lines, small ones too: those share arrays that are large
 * enough to begin on one (see {@link Panels#START}). Nothing is given back but all at once.
 */
public final class Arena {
  /** Floats of a shared array: it fills a region of 1 MB, and G1 aligns what fills half of one. */
  private static final int CHUNK = (1 << 18) - 4;

  private float[] chunk = new float[0];
  private int used;

  /**
   * A zero matrix.
   *
   * @throws IllegalArgumentException if it takes more floats than an array can hold
   */
  public Panels allocate(int rows, int columns) {
    long size = Panels.size(rows, columns);
    if (Panels.START + size > CHUNK) {
      return Panels.allocate(rows, columns);
    }
    if (used + size > chunk.length) {
      chunk = new float[CHUNK];
      used = Panels.START;
    }
    int offset = used;
    used += (int) size;
    return new Panels(chunk, offset, rows, columns);
  }
}
