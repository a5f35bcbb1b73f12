/**
 * What a step costs, as a formula, on clusters that are not at hand: a {@link
 * dev.lockstep.bench.cost.Scheme} counts exactly what an exchange sends and adds, phase by phase; a
 * {@link dev.lockstep.bench.cost.CostModel}, whose constants are measured, gives every count its
 * price.
 */
package dev.lockstep.bench.cost;
