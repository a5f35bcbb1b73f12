package dev.lockstep.watch;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import org.apache.spark.scheduler.SparkListenerEvent;

/**
 * A run has ended.
 *
 * @param run the run's number in its application, from 1
 * @param time milliseconds since 1970
 * @param status a name of {@link RunEnd.Status}, in small letters
 * @param message why, in a sentence; may be empty
 * @param train over the training set, with the parameters of the model
 * @param test over the test set, likewise
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record TrainingEnded(
    int run, long time, String status, String message, Scores train, Scores test)
    implements SparkListenerEvent {
  public TrainingEnded {
    status = Absent.text(status);
    message = Absent.text(message);
    train = train == null ? Scores.NONE : train;
    test = test == null ? Scores.NONE : test;
  }
}
