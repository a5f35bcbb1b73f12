package dev.lockstep.train;

/** A run was stopped by a signal, after a checkpoint; the message says how to go on. */
public final class InterruptedRunException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public InterruptedRunException(String message) {
    super(message);
  }
}
