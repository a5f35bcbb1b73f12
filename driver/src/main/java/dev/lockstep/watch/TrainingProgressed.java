package dev.lockstep.watch;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import java.util.List;
import org.apache.spark.scheduler.SparkListenerEvent;

/**
 * What a run has come to since the last event, thinned to a bounded size.
 *
 * @param run the run's number in its application, from 1
 * @param time milliseconds since 1970
 * @param now the newest step that was heard of, committed or not; null for none
 * @param steps some steps of committed rounds, the last among them
 * @param epochs moments at which the run was looked at
 * @param paces how fast the rounds were
 * @param ranks in their order, where their time went since this was last told; may be empty
 * @param layers how they did in the last epoch; empty if none has ended
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record TrainingProgressed(
    int run,
    long time,
    StepPoint now,
    List<StepPoint> steps,
    List<EpochPoint> epochs,
    List<Pace> paces,
    List<RankPace> ranks,
    List<LayerPoint> layers)
    implements SparkListenerEvent {
  public TrainingProgressed {
    steps = Absent.list(steps);
    epochs = Absent.list(epochs);
    paces = Absent.list(paces);
    ranks = Absent.list(ranks);
    layers = Absent.list(layers);
  }
}
