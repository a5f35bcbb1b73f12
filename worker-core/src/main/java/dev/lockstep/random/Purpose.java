package dev.lockstep.random;

/** What a random number is for; keeps streams of one seed apart. Codes are part of the bits. */
public enum Purpose {
  /** The permutation of the training set over shards. */
  DATA_ORDER(1),
  /** The order in which a shard visits its items in an epoch. */
  EPOCH_ORDER(2),
  /** Initial weights. */
  INITIAL_WEIGHTS(3),
  /** Synthetic examples. */
  SYNTHETIC_DATA(4),
  /** The permutation by which a validation part is held out of the training set. */
  VALIDATION_SPLIT(5),
  /** Which units a step leaves out. */
  DROPOUT(6),
  /** What is added to inputs in a step. */
  NOISE(7),
  /** Which parameters a check of gradients looks at. */
  GRADIENT_CHECK(8),
  /** What a layer from a user's jar draws. */
  LAYER_OF_A_USER(9),
  /** How far the quasi-random points of a sweep are shifted. */
  SEARCH(10);

  private final int code;

  Purpose(int code) {
    this.code = code;
  }

  /** A constant that never changes between versions. */
  public int code() {
    return code;
  }
}
