package dev.lockstep.engine;

/** A round was given up on request; the state before it is still good. */
public final class CancelledException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public CancelledException() {
    super("the round was cancelled");
  }
}
