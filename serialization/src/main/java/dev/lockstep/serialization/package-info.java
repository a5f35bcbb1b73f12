/**
 * What Lockstep writes and reads as bytes, in one package for each format. Here is what the formats
 * share: {@link dev.lockstep.serialization.FloatChunk} for bulk float32 bytes, {@link
 * dev.lockstep.serialization.Sha256} and {@link dev.lockstep.serialization.FormatException}.
 *
 * <p>Needs neither Spark nor Hadoop, save for {@code kryo}. Java deserialisation is never used.
 */
package dev.lockstep.serialization;
