/**
 * The fault suite: training on a standalone cluster of real processes while they are killed,
 * stopped, cut off and starved, at seeded random moments. {@link dev.lockstep.faults.FaultSuite}
 * goes through as many as are asked for ({@code mvn -Pfaults verify}), {@link
 * dev.lockstep.faults.FaultsIT} through one of a few kinds; {@link dev.lockstep.faults.Soak} trains
 * one run for long, with a kill every minute.
 *
 * <p>{@link dev.lockstep.faults.FaultPlan} says what will happen, {@link dev.lockstep.faults.Trial}
 * makes it happen and judges what came of it, {@link dev.lockstep.faults.Sighting} is the record.
 */
package dev.lockstep.faults;
