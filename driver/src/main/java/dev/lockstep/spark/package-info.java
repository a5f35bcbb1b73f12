/**
 * Lockstep on Spark: shards held by executors, and the engines that train over them. {@link
 * dev.lockstep.spark.TreeEngine} runs a step as a Spark job, {@link
 * dev.lockstep.spark.AllReduceEngine} a round as a barrier stage; {@link
 * dev.lockstep.spark.exchange} is how its ranks talk.
 */
package dev.lockstep.spark;
