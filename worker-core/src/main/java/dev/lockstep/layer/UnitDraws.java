package dev.lockstep.layer;

import dev.lockstep.kernel.Kernels;
import dev.lockstep.kernel.Panels;
import dev.lockstep.random.Philox;
import dev.lockstep.random.Purpose;

/**
 * A random word for each unit of each example of a step, for one layer of a network.
 *
 * <p>The Philox block of unit u has four counter words: the example's place in the order of the
 * data, the step (both modulo 2^32), {@code index 2^18 + 8 (u / 32) + u % 8}, and the {@link
 * Purpose}; the key is the seed. The unit's word in it is number {@code u / 8 % 4}. So its random
 * numbers do not depend on blocks of rows, ranks or other layers.
 *
 * @param purpose what the numbers are for
 * @param index number of the layer, which keeps layers of a network apart
 */
public record UnitDraws(Purpose purpose, int index) {
  /** Blocks of a panel. */
  private static final int BLOCKS = Panels.WIDTH / 4;

  private static final int UNIT_BITS = 18;
  private static final int MAX_UNITS = 4 << UNIT_BITS;
  private static final int MAX_INDEX = (1 << (Integer.SIZE - UNIT_BITS)) - 1;

  /**
   * Checks that a layer's counters are its own.
   *
   * @throws IllegalArgumentException if it has too many units, or stands too deep
   */
  public static void check(int units, int index) {
    if (units > MAX_UNITS) {
      throw new IllegalArgumentException(
          "%d inputs: random numbers reach for %d at most".formatted(units, MAX_UNITS));
    }
    if (index < 0 || index > MAX_INDEX) {
      throw new IllegalArgumentException(
          "place %d: random numbers reach for places from 0 to %d".formatted(index, MAX_INDEX));
    }
  }

  /** The words of the units of a panel, for a row: {@code words[32]}, overwritten. */
  public void draw(Kernels kernels, Rows rows, int row, int panel, int[] words) {
    int example = rows.examples()[row];
    int step = (int) rows.step();
    int block = (index << UNIT_BITS) + panel * BLOCKS;
    kernels.elements().randomWords(rows.seed(), purpose, example, step, block, words);
  }

  /** The word of one unit, for a row; the same as that of its panel. */
  public int draw(Rows rows, int row, int unit) {
    int[] words = new int[4];
    int block = (index << UNIT_BITS) + unit / Panels.WIDTH * BLOCKS + unit % BLOCKS;
    Philox.words(rows.seed(), purpose, rows.examples()[row], (int) rows.step(), block, words);
    return words[unit / BLOCKS % words.length];
  }
}
