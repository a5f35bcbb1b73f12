/**
 * The arithmetic: matrix products, row sums and elementary functions over {@code float[]}, behind
 * the one interface {@link dev.lockstep.kernel.Kernels}. Its scalar form is the specification; the
 * vector forms give the same bits. {@link dev.lockstep.kernel.KernelChoice} picks one.
 */
package dev.lockstep.kernel;
