/**
 * Counter-based randomness: every random number is a pure function of (seed, purpose, counters), so
 * there is no random state to carry, lose or restore. {@link dev.lockstep.random.Philox} is the
 * generator, {@link dev.lockstep.random.Permutation} an order that is computed, not stored.
 */
package dev.lockstep.random;
