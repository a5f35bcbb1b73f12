/**
 * What outlives a run: a model directory, {@code model.safetensors} and {@code model.json}. {@link
 * dev.lockstep.serialization.model.Model} is read with nothing but Jackson on the class path; every
 * byte is checked before it is used.
 *
 * <p>The tensors of the k-th dense layer are {@code layers.k.weight}, shape [O, I], and {@code
 * layers.k.bias}, shape [O]: what PyTorch's {@code Linear} has.
 */
package dev.lockstep.serialization.model;
