package dev.lockstep.ui;

import java.util.List;
import org.apache.spark.SparkConf;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.status.AppHistoryServerPlugin;
import org.apache.spark.status.ElementTrackingStore;
import org.apache.spark.ui.SparkUI;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/**
 * The tab in Spark's History Server, which finds this class through {@code META-INF/services} where
 * Lockstep's jar is on its class path.
 */
public final class TrainingHistory implements AppHistoryServerPlugin {
  @Override
  public Seq<SparkListener> createListeners(SparkConf conf, ElementTrackingStore store) {
    SparkListener listener = new RunStatusListener(store, false);
    return CollectionConverters.asScala(List.of(listener)).toSeq();
  }

  /** An application that trained nothing has no tab. */
  @Override
  public void setupUI(SparkUI ui) {
    if (!TrainingPage.runs(ui.store().store()).isEmpty()) {
      new TrainingTab(ui);
    }
  }
}
