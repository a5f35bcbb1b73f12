package dev.lockstep.watch;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import org.apache.spark.scheduler.SparkListenerEvent;

/**
 * A run begins. Event logs name this class, and {@link TrainingProgressed} and {@link
 * TrainingEnded}: they keep their names, and read what other versions have written.
 *
 * @param run the run's number in its application, from 1
 * @param time milliseconds since 1970
 * @param description what is known of it
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record TrainingStarted(int run, long time, RunDescription description)
    implements SparkListenerEvent {}
