/**
 * What Lockstep computes against what PyTorch computes: values that src-test/golden/generate.py
 * wrote into the resources.
 */
package dev.lockstep.golden;
