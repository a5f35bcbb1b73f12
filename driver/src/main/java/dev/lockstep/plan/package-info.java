/**
 * What a run will take, before a cluster is held for it. {@link dev.lockstep.plan.Demand} counts
 * bytes, {@link dev.lockstep.plan.Constants} measures two constants here, and {@link
 * dev.lockstep.plan.Plan} puts both together with the limits of Spark and of Java.
 */
package dev.lockstep.plan;
