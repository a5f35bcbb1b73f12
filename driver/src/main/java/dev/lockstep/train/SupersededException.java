package dev.lockstep.train;

/** Another driver has taken a run over; this one must leave the run directory as it is. */
public final class SupersededException extends RuntimeException {
  private static final long serialVersionUID = 1;

  SupersededException(String message) {
    super(message);
  }
}
