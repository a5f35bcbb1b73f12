package dev.lockstep.ui;

import dev.lockstep.watch.TrainingEnded;
import dev.lockstep.watch.TrainingProgressed;
import dev.lockstep.watch.TrainingStarted;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerEvent;
import org.apache.spark.status.ElementTrackingStore;
import scala.runtime.AbstractFunction0;
import scala.runtime.BoxedUnit;

/** Keeps the views of an application's runs in its status store. */
final class RunStatusListener extends SparkListener {
  /** Of more runs the oldest are forgotten. */
  static final int MOST_RUNS = 100;

  private final ElementTrackingStore store;
  private final boolean isLive;
  private final Map<Integer, LiveRun> running = new LinkedHashMap<>();
  private final Deque<Integer> written = new ArrayDeque<>();

  /**
   * For an application.
   *
   * @param isLive whether somebody may look at any time; otherwise runs are written when they end,
   *     or the log does
   */
  RunStatusListener(ElementTrackingStore store, boolean isLive) {
    this.store = store;
    this.isLive = isLive;
    if (!isLive) {
      store.onFlush(new WriteAll());
    }
  }

  /** Writes what has begun and not ended. */
  private final class WriteAll extends AbstractFunction0<BoxedUnit> {
    @Override
    public BoxedUnit apply() {
      running.values().forEach(run -> write(run.view()));
      return BoxedUnit.UNIT;
    }
  }

  @Override
  public void onOtherEvent(SparkListenerEvent event) {
    if (event instanceof TrainingStarted started) {
      if (started.description() != null) {
        LiveRun run = new LiveRun(started);
        running.put(started.run(), run);
        write(run.view());
        forgetOldest(started.run());
      }
    } else if (event instanceof TrainingProgressed progressed) {
      LiveRun run = running.get(progressed.run());
      if (run != null) {
        run.progressed(progressed);
        if (isLive) {
          write(run.view());
        }
      }
    } else if (event instanceof TrainingEnded ended) {
      LiveRun run = running.remove(ended.run());
      if (run != null) {
        run.ended(ended);
        write(run.view());
      }
    }
  }

  private void write(RunView view) {
    store.write(view);
  }

  private void forgetOldest(int newest) {
    written.add(newest);
    if (written.size() > MOST_RUNS) {
      int oldest = written.remove();
      running.remove(oldest);
      store.delete(RunView.class, oldest);
    }
  }
}
