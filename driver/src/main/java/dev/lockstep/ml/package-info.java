/**
 * Lockstep as stages of Spark's pipelines. {@link dev.lockstep.ml.LockstepClassifier} stands where
 * {@code MultilayerPerceptronClassifier} did; {@code Fit} is what {@code fit} does, {@code Scorer}
 * what {@code transform} does.
 */
package dev.lockstep.ml;
