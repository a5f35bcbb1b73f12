package dev.lockstep.data;

import java.io.Serializable;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * How an example lies in bytes: its features, then its target vector where it has one, then its
 * weight where it has one. Floats are little-endian. A class index is kept apart.
 *
 * @param features I, numbers of an example, at least 1
 * @param element what each of them is
 * @param targets O, elements of its target vector; 0 where the target is a class
 * @param isWeighted whether it has a weight; otherwise all weigh 1
 */
public record ExampleFormat(int features, Element element, int targets, boolean isWeighted)
    implements Serializable {
  private static final VarHandle FLOATS =
      MethodHandles.byteArrayViewVarHandle(float[].class, ByteOrder.LITTLE_ENDIAN);

  /** What a feature is. */
  public enum Element {
    /** One byte, 0 to 255; the network's input is a 255th of it. */
    BYTE(Byte.BYTES),
    /** A float, which is the network's input. */
    FLOAT(Float.BYTES);

    private final int bytes;

    Element(int bytes) {
      this.bytes = bytes;
    }
  }

  public ExampleFormat {
    long bytes = (long) features * element.bytes + (targets + 1L) * Float.BYTES;
    if (features < 1 || targets < 0 || bytes > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "%d features and %d targets: want 1 or more, 0 or more, and no more than 2 GB of both"
              .formatted(features, targets));
    }
  }

  /** Bytes of a class each, of equal weight. */
  public static ExampleFormat bytes(int features) {
    return new ExampleFormat(features, Element.BYTE, 0, false);
  }

  /** Bytes of an example. */
  public int bytes() {
    return weightAt() + (isWeighted ? Float.BYTES : 0);
  }

  /** Whether the target is a class. */
  public boolean hasClass() {
    return targets == 0;
  }

  private int targetsAt() {
    return features * element.bytes;
  }

  private int weightAt() {
    return targetsAt() + targets * Float.BYTES;
  }

  /** A feature that is a float, of the example at some place in an array. */
  public float feature(byte[] bytes, int at, int feature) {
    return (float) FLOATS.get(bytes, at + feature * Float.BYTES);
  }

  /** An element of the target vector of the example at some place in an array. */
  public float target(byte[] bytes, int at, int output) {
    return (float) FLOATS.get(bytes, at + targetsAt() + output * Float.BYTES);
  }

  /** The weight of the example at some place in an array. */
  public float weight(byte[] bytes, int at) {
    return isWeighted ? (float) FLOATS.get(bytes, at + weightAt()) : 1f;
  }

  /** Sets a feature that is a float. */
  public void setFeature(byte[] bytes, int at, int feature, float value) {
    FLOATS.set(bytes, at + feature * Float.BYTES, value);
  }

  /** Sets an element of the target vector. */
  public void setTarget(byte[] bytes, int at, int output, float value) {
    FLOATS.set(bytes, at + targetsAt() + output * Float.BYTES, value);
  }

  /** Sets the weight. */
  public void setWeight(byte[] bytes, int at, float value) {
    FLOATS.set(bytes, at + weightAt(), value);
  }
}
