/**
 * Learning rates as functions of the step, which know nothing else. {@link
 * dev.lockstep.schedule.Schedule} is the entry type.
 */
package dev.lockstep.schedule;
