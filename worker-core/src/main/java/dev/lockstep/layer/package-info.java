/**
 * The layers of a feed-forward network: immutable descriptions; parameters, inputs and scratch are
 * arguments. Backward stands under forward. {@link dev.lockstep.layer.Layer} is the entry type,
 * {@link dev.lockstep.layer.Layers} finds kinds by name. A new layer is a file here (or in a jar of
 * its own) and a line in {@code META-INF/services/dev.lockstep.layer.LayerKind}.
 */
package dev.lockstep.layer;
