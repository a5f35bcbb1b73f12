package dev.lockstep.spark;

import dev.lockstep.spark.exchange.Hub;
import java.io.Serializable;

/**
 * What the engines on Spark need to know beside the training itself; none of it affects a result.
 *
 * @param kernel name of the kernels
 * @param roundAttempts how often a round may be tried, at least 1
 * @param exchangeTimeoutMillis how long a rank waits for the others
 * @param slotsTimeoutMillis how long to wait for the slots of lost executors to come back
 * @param listen where ranks listen for each other
 */
public record SparkSettings(
    String kernel,
    int roundAttempts,
    long exchangeTimeoutMillis,
    long slotsTimeoutMillis,
    Hub.Listen listen)
    implements Serializable {}
