/**
 * What a run can go on from: a generation, which is a {@link
 * dev.lockstep.serialization.checkpoint.Manifest} and the {@link
 * dev.lockstep.serialization.checkpoint.Part}s that it names with their lengths and SHA-256. A part
 * never changes, and its name has its digest, so that two drivers which write the same run at the
 * same time cannot spoil each other's files.
 *
 * <p>One part is the state, {@link dev.lockstep.serialization.checkpoint.CheckpointTensors}: {@code
 * parameters/} stands before the names of a model's tensors, {@code slots/NAME/} before those of an
 * optimiser's vectors, {@code best/} before those that did best so far. The others are lines of
 * {@code metrics.jsonl}. Nothing here opens a file.
 */
package dev.lockstep.serialization.checkpoint;
