/**
 * How the ranks of an all-reduce round talk. Ranks of one JVM meet in memory ({@link
 * dev.lockstep.spark.exchange.Group}); JVMs send each other frames over Spark's own transport, so
 * that Spark's authentication and encryption hold for them too ({@link
 * dev.lockstep.spark.exchange.Transport} is its only user); the driver tells ranks who is where
 * ({@link dev.lockstep.spark.exchange.Rendezvous}).
 */
package dev.lockstep.spark.exchange;
