package dev.lockstep.serialization.onnx;

/** A model that ONNX cannot say; the message is a sentence for the user. */
public final class NoOnnxFormException extends RuntimeException {
  private static final long serialVersionUID = 1;

  NoOnnxFormException(String message) {
    super(message);
  }
}
