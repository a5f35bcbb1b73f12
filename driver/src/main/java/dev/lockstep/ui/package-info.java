/**
 * The <em>Training</em> tab in Spark's UI and in the History Server. {@link
 * dev.lockstep.ui.SparkWatchers} puts it there for a run that begins, {@link
 * dev.lockstep.ui.TrainingHistory} for an application that has ended. Both ways the runs' events go
 * through {@link dev.lockstep.ui.RunStatusListener} into Spark's status store, as {@link
 * dev.lockstep.ui.RunView}s, and {@link dev.lockstep.ui.TrainingPage} draws those.
 *
 * <p>No other room touches {@code org.apache.spark.ui} and {@code org.apache.spark.status}: they
 * are internal API without a promise. Pages are drawn on the server and need no script, other than
 * one that fetches them again while a run goes.
 */
package dev.lockstep.ui;
