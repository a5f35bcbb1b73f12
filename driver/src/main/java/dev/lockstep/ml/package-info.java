/**
 * Lockstep as stages of Spark's pipelines. {@link dev.lockstep.ml.LockstepClassifier} stands where
 * {@code MultilayerPerceptronClassifier} did; {@link dev.lockstep.ml.Features} reads the columns.
 */
package dev.lockstep.ml;
