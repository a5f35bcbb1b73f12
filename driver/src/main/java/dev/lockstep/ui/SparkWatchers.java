package dev.lockstep.ui;

import dev.lockstep.watch.RunDescription;
import dev.lockstep.watch.RunMetrics;
import dev.lockstep.watch.RunWatcher;
import dev.lockstep.watch.SparkFeed;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.SparkContext;

/** Those who watch a run for an application of Spark. */
public final class SparkWatchers {
  private SparkWatchers() {}

  /**
   * The metrics system; and the listeners of the application, where it has a UI, to which the tab
   * is added with the first run, or an event log.
   */
  public static List<RunWatcher> of(SparkContext spark, RunDescription run) {
    List<RunWatcher> watchers = new ArrayList<>();
    watchers.add(new RunMetrics(spark.env().metricsSystem()));
    if (spark.ui().isDefined()) {
      TrainingTab.show(spark, spark.ui().get());
    }
    if (spark.ui().isDefined() || spark.eventLogger().isDefined()) {
      watchers.add(new SparkFeed(run, spark.listenerBus()::post));
    }
    return watchers;
  }
}
