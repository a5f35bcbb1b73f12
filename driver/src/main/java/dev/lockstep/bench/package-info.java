/**
 * Measures Lockstep on the machine at hand. Nothing here is used by training.
 *
 * <p>A {@link dev.lockstep.bench.Product} counts the work of a product, a {@link
 * dev.lockstep.bench.ProductRun} runs it, {@link dev.lockstep.bench.Peak} is what it is measured
 * by; results are {@link dev.lockstep.bench.Table}s.
 */
package dev.lockstep.bench;
