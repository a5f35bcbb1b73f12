package dev.lockstep.bench;

/** One of those that are compared: trains 784-256-128-64-10 with momentum over 60,000 digits. */
interface Side {
  /** How many examples there are. */
  int EXAMPLES = 60_000;

  /** Trains for about so long, going on or anew. */
  Speed run(double seconds) throws Exception;
}
