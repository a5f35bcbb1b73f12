/**
 * The kernels over the Vector API, and its only user. Loaded by name, because every class here
 * fails to link where the module {@code jdk.incubator.vector} is absent.
 */
package dev.lockstep.kernel.vector;
