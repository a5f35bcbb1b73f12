/**
 * What a run can go on from, in the folder {@code checkpoints} of its directory. {@link
 * dev.lockstep.checkpoint.Checkpoints} writes generations and finds the newest that is whole;
 * {@link dev.lockstep.checkpoint.Journal} keeps the lines of the steps. Files are written once and
 * never changed or renamed, the manifest last.
 */
package dev.lockstep.checkpoint;
