/**
 * Those who look on while a run goes: {@link dev.lockstep.watch.RunWatcher} is what they hear, and
 * {@link dev.lockstep.watch.RunWatchers} keeps the run apart from what goes wrong with them. {@link
 * dev.lockstep.watch.SparkFeed} tells Spark's listeners, {@link dev.lockstep.watch.RunMetrics}
 * Spark's metrics system, {@link dev.lockstep.watch.TensorBoardLog} TensorBoard. Nothing here can
 * change a result.
 */
package dev.lockstep.watch;
