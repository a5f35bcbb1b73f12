/**
 * Files wherever they lie. {@link dev.lockstep.storage.Storage} is the entry type: plain paths and
 * {@code file:} go through java.nio, and load no Hadoop class; every other scheme goes through
 * Hadoop's file systems. {@link dev.lockstep.storage.LocalScratch} is room on the local disk for
 * what memory cannot hold. Nothing here knows what the bytes mean.
 */
package dev.lockstep.storage;
