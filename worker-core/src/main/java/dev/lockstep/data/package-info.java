/**
 * Examples and their order: a source is read once and cut into immutable {@link
 * dev.lockstep.data.Shard}s; {@link dev.lockstep.data.BatchPlan} says which rows of which shard
 * make a step. Nothing here opens a file: byte streams come from outside.
 */
package dev.lockstep.data;
