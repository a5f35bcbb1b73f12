package dev.lockstep.data;

/** At what cost a part of a source's examples can be read. */
public enum Access {
  /** Any example at the cost of it alone. */
  RANDOM,
  /** A range of what is stored at its part of the cost of all. */
  RANGES,
  /** Whatever is wanted at the cost of all that is stored before it. */
  SEQUENTIAL
}
