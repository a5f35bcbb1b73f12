package dev.lockstep.serialization;

/** Bytes that are not what they declare to be; the message is one sentence for the user. */
public final class FormatException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public FormatException(String message) {
    super(message);
  }

  public FormatException(String message, Throwable cause) {
    super(message, cause);
  }
}
