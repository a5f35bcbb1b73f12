package dev.lockstep.data;

import java.io.Serializable;

/**
 * Examples on their way to those who hold their shards. Immutable by convention.
 *
 * @param positions of each example in the order {@code q} of a {@link BatchPlan}
 * @param labels class of each
 * @param bytes of all, one after the other
 */
public record Parcel(long[] positions, int[] labels, byte[] bytes) implements Serializable {}
