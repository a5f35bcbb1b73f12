package dev.lockstep.ui;

import org.apache.spark.SparkContext;
import org.apache.spark.status.ElementTrackingStore;
import org.apache.spark.ui.SparkUI;
import org.apache.spark.ui.SparkUITab;
import org.apache.spark.ui.WebUITab;

/** The tab <em>Training</em>, with its one page. */
final class TrainingTab extends SparkUITab {
  private static final String PREFIX = "training";

  /** Makes the tab and attaches it. */
  TrainingTab(SparkUI ui) {
    super(ui, PREFIX);
    attachPage(new TrainingPage(this, ui.store().store(), ui.sc().isDefined()));
    ui.attachTab(this);
  }

  @Override
  public String name() {
    return "Training";
  }

  /**
   * Shows the tab in the UI of a live application, and listens for it to the end of the
   * application; nothing happens if it is there.
   */
  static void show(SparkContext spark, SparkUI ui) {
    synchronized (ui) {
      if (isShown(ui)) {
        return;
      }
      var store = (ElementTrackingStore) ui.store().store();
      spark.listenerBus().addToStatusQueue(new RunStatusListener(store, true));
      new TrainingTab(ui);
    }
  }

  private static boolean isShown(SparkUI ui) {
    var tabs = ui.getTabs().iterator();
    while (tabs.hasNext()) {
      WebUITab tab = tabs.next();
      if (tab.prefix().equals(PREFIX)) {
        return true;
      }
    }
    return false;
  }
}
