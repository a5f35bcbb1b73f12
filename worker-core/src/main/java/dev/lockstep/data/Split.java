package dev.lockstep.data;

/** The two halves of a data set. */
public enum Split {
  /** What a network is fitted to. */
  TRAIN,
  /** What it is judged by; shares no example with {@link #TRAIN}, unless there are no others. */
  TEST
}
