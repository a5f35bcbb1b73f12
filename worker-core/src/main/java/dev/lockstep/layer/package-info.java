/**
 * The layers of a feed-forward network: stateless descriptions; parameters, inputs and scratch are
 * arguments. Backward stands under forward. {@link dev.lockstep.layer.Layer} is the entry type.
 */
package dev.lockstep.layer;
