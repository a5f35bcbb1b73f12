package dev.lockstep.ui;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import dev.lockstep.watch.EpochPoint;
import dev.lockstep.watch.LayerPoint;
import dev.lockstep.watch.Pace;
import dev.lockstep.watch.RankPace;
import dev.lockstep.watch.RunDescription;
import dev.lockstep.watch.Scores;
import dev.lockstep.watch.StepPoint;
import java.util.List;
import java.util.Optional;
import org.apache.spark.util.kvstore.KVIndex;

/**
 * A run as the page shows it: what Spark's status store holds of it, of bounded size however long
 * the run.
 *
 * @param id the run's number in its application, from 1
 * @param description what was known before the first step
 * @param started milliseconds since 1970
 * @param updated likewise, of what was heard last
 * @param status {@link #RUNNING}, or how it ended
 * @param message why; may be empty
 * @param now the newest step; null before the first
 * @param steps some steps of committed rounds, in order
 * @param epochs moments at which the run was looked at, in order
 * @param paces how fast it was, in order
 * @param recent where the time of each rank went lately
 * @param ranks where it went from the beginning
 * @param layers how they did in the last epoch
 * @param train over the training set, once it has ended
 * @param test over the test set, likewise
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record RunView(
    int id,
    RunDescription description,
    long started,
    long updated,
    String status,
    String message,
    StepPoint now,
    List<StepPoint> steps,
    List<EpochPoint> epochs,
    List<Pace> paces,
    List<RankPace> recent,
    List<RankPace> ranks,
    List<LayerPoint> layers,
    Scores train,
    Scores test) {
  /** The status of a run that has not ended, as far as is known. */
  static final String RUNNING = "running";

  /** The key in the store. */
  @KVIndex
  @Override
  public int id() {
    return id;
  }

  boolean isRunning() {
    return status.equals(RUNNING);
  }

  /** Steps that are done. */
  long done() {
    return now == null ? description.firstStep() : now.step();
  }

  Optional<EpochPoint> lastEpoch() {
    return epochs.isEmpty() ? Optional.empty() : Optional.of(epochs.get(epochs.size() - 1));
  }

  Optional<Pace> lastPace() {
    return paces.isEmpty() ? Optional.empty() : Optional.of(paces.get(paces.size() - 1));
  }

  /** What the held-out examples gave last. */
  Scores lastValidation() {
    return lastEpoch().map(EpochPoint::validation).orElse(Scores.NONE);
  }
}
