/**
 * Losses of a network's outputs against targets. Sums with counts: nothing here divides by the size
 * of a batch.
 */
package dev.lockstep.loss;
