package dev.lockstep.spark;

import java.io.Serializable;

/**
 * What the engines on Spark need to know beside the training itself; none of it affects a result.
 *
 * @param kernel name of the kernels
 * @param roundAttempts how often a round may be tried, at least 1
 * @param exchangeTimeoutMillis how long a rank waits for the others
 * @param exchangePort port of the exchange, 0 for any
 */
public record SparkSettings(
    String kernel, int roundAttempts, long exchangeTimeoutMillis, int exchangePort)
    implements Serializable {}
