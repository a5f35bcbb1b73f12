/**
 * How gradients are summed: along one fixed binary tree over shard indices, the canonical tree, in
 * whatever grouping and order of arrival. {@link dev.lockstep.gradient.PartialSums} is the monoid,
 * {@link dev.lockstep.gradient.ShardGradients} computes what a range of shards gives to a step.
 */
package dev.lockstep.gradient;
