/**
 * State in, state out: an {@link dev.lockstep.engine.Engine} advances a {@link
 * dev.lockstep.engine.State} by a {@link dev.lockstep.engine.Round}. {@link
 * dev.lockstep.engine.LocalEngine} does it in one thread and is the reference for every other.
 */
package dev.lockstep.engine;
