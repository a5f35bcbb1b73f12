package dev.lockstep.spark;

/** The cluster could not do its work; the message is one sentence and names the first failure. */
public final class ClusterException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public ClusterException(String message, Throwable cause) {
    super(message, cause);
  }
}
