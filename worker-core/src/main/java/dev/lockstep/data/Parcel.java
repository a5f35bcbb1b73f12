package dev.lockstep.data;

import java.io.Serializable;

/**
 * Examples on their way to those who hold their shards. Immutable by convention.
 *
 * @param positions of each example in the order {@code q} of a {@link BatchPlan}
 * @param labels class of each
 * @param pixels {@code pixels[n, I]}, their bytes
 */
public record Parcel(long[] positions, int[] labels, byte[] pixels) implements Serializable {}
