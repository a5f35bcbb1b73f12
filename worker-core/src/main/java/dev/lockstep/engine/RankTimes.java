package dev.lockstep.engine;

/**
 * Where the time of a rank went.
 *
 * @param place where the rank ran, for people; empty in this thread
 * @param split the time of all its steps
 */
public record RankTimes(String place, TimeSplit split) {}
