/**
 * Examples and their order: a source is read once and cut into immutable {@link
 * dev.lockstep.data.Shard}s; {@link dev.lockstep.data.BatchPlan} says which rows of which shard
 * make a step. Shards lie in arrays or in a mapped file ({@link dev.lockstep.data.ShardRoom}).
 * {@link dev.lockstep.data.IdxSource} reads the format of MNIST, {@link
 * dev.lockstep.data.Cifar10Source} that of CIFAR-10, {@link dev.lockstep.data.SyntheticDigits}
 * draws digits where there is no file. Nothing here opens a file: byte streams come from outside.
 */
package dev.lockstep.data;
