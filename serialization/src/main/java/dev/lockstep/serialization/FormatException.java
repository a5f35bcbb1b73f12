package dev.lockstep.serialization;

/** Bytes that are not what they declare to be; the message is one sentence for the user. */
public final class FormatException extends RuntimeException {
  private static final long serialVersionUID = 1;
  private static final int MAX_SHOWN = 80;

  public FormatException(String message) {
    super(message);
  }

  public FormatException(String message, Throwable cause) {
    super(message, cause);
  }

  /** Text of a file as a message shows it: in one line, not too long. */
  public static String shown(String text) {
    String start = text.length() <= MAX_SHOWN ? text : text.substring(0, MAX_SHOWN) + "...";
    return start.replaceAll("\\p{Cntrl}+", " ");
  }
}
