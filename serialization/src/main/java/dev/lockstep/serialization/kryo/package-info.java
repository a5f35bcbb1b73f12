/**
 * Kryo for Spark's wire and for nothing else: shuffle data, task results and broadcasts between the
 * processes of one application. {@link dev.lockstep.serialization.kryo.LockstepKryoRegistrator}
 * holds the list of classes that travel.
 *
 * <p>Files are never written or read with Kryo, nor is a byte from outside the application.
 */
package dev.lockstep.serialization.kryo;
