/**
 * How well a network does on examples: losses, counts of classes, errors of vectors. {@link
 * dev.lockstep.metric.Evaluation} is the way in; what it says depends on shards, and not on how
 * they are gathered. Counts are whole numbers; sums of real ones are kept shard by shard and added
 * in the order of shards.
 */
package dev.lockstep.metric;
