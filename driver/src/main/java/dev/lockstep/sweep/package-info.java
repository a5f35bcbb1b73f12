/**
 * Many runs that answer one question: {@link dev.lockstep.sweep.SweepSpec} says which, {@link
 * dev.lockstep.sweep.TrialPlan} makes trials of it, {@link dev.lockstep.sweep.Sweep} has them run
 * and {@link dev.lockstep.sweep.SweepDirectory} keeps what came of them. A trial is a run like any
 * other; nothing here knows how one trains.
 */
package dev.lockstep.sweep;
