package dev.lockstep.network;

import java.io.Serializable;

/**
 * A run of whole parameter panels: what a rank owns, updates and publishes.
 *
 * @param offset first float in panel order
 * @param length floats
 * @param firstPanel first panel
 * @param panels how many panels
 */
public record Slice(int offset, int length, int firstPanel, int panels) implements Serializable {
  /** Behind the last float. */
  public int end() {
    return offset + length;
  }
}
