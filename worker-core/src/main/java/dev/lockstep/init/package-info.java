/**
 * Initial weights: each a pure function of seed, tensor and place in the tensor, so that every rank
 * can make its own part. {@link dev.lockstep.init.InitScheme} is the entry type; {@link
 * dev.lockstep.init.InitSchemes} knows them by name.
 */
package dev.lockstep.init;
