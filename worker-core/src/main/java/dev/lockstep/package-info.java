/**
 * The float core of Lockstep: synchronous data-parallel training whose result is a function of
 * configuration, data and seed alone.
 *
 * <p>Axes are named once, here: B rows of a batch, I inputs, O outputs, C classes, P parameters
 * (padding included where a vector is said to be in panel order), V shards, N ranks. {@code x[B,I]}
 * is a matrix; a gradient of {@code y} is called {@code dy}.
 *
 * <p>Nothing here knows Spark, Hadoop or files. Randomness comes only from {@link
 * dev.lockstep.random.Philox}; no clock is read.
 */
package dev.lockstep;
