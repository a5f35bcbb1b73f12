/**
 * Learning rates as functions of the step, which know nothing else. {@link
 * dev.lockstep.schedule.Schedule} is the entry type; {@link dev.lockstep.schedule.Schedules} knows
 * them by name.
 */
package dev.lockstep.schedule;
