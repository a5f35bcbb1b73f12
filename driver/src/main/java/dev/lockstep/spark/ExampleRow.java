package dev.lockstep.spark;

import java.io.Serializable;

/**
 * A row of a table as an example. Immutable by convention.
 *
 * @param bytes the example, as its {@link dev.lockstep.data.ExampleFormat} says
 * @param label its class; of no meaning where targets are vectors
 */
public record ExampleRow(byte[] bytes, int label) implements Serializable {}
