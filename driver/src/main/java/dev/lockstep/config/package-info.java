/**
 * The configuration of a run: HOCON text becomes an immutable {@link dev.lockstep.config.RunConfig}
 * through {@link dev.lockstep.config.ConfigReader}, with all mistakes reported together.
 *
 * <p>Each section is a record that holds all there is to know of its keys: how they are read, which
 * values are allowed, how they are written. Defaults stand in {@code conf/reference.conf} and
 * nowhere else; where it says {@code auto} for a key of a {@link dev.lockstep.config.Choice}, the
 * chosen kind has them. Nothing here opens a file or knows Spark.
 */
package dev.lockstep.config;
