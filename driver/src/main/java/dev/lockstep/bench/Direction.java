package dev.lockstep.bench;

/** What a dense layer computes with its weights. */
public enum Direction {
  /** {@code y[B,O] = x[B,I] W[I,O] + b[O]}. */
  FORWARD("forward"),
  /** {@code dW[I,O] = x[B,I]^T dy[B,O]}, shard by shard, and db. */
  WEIGHT_GRADIENT("weight gradient"),
  /** {@code dx[B,I] = dy[B,O] W^T[O,I]}, over weights that are transposed already. */
  INPUT_GRADIENT("input gradient"),
  /** {@code W^T[O,I]}, once a step. */
  TRANSPOSE("transpose");

  private final String text;

  Direction(String text) {
    this.text = text;
  }

  @Override
  public String toString() {
    return text;
  }
}
