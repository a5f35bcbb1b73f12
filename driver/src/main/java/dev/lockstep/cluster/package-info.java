/**
 * A real standalone Spark cluster on this machine, for trying things and for tests: {@link
 * dev.lockstep.cluster.StandaloneCluster} starts and stops it. Knows nothing of training.
 */
package dev.lockstep.cluster;
