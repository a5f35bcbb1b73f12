/**
 * A run from its configuration to its model: {@link dev.lockstep.train.Trainer} is the loop, {@link
 * dev.lockstep.train.TrainingRun} what stands around it, {@link dev.lockstep.train.RunDirectory}
 * what stays of it.
 */
package dev.lockstep.train;
