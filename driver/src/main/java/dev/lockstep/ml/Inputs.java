package dev.lockstep.ml;

import dev.lockstep.data.DataException;
import dev.lockstep.data.ExampleFormat.Element;
import dev.lockstep.serialization.model.Model;
import org.apache.spark.ml.linalg.Vector;

/** What a network is given, of a value of a column of features. */
final class Inputs {
  private static final float FULL = 255f;

  private Inputs() {}

  /**
   * The inputs x[I], before what normalises them.
   *
   * @throws DataException if the value is null, or of another form or size
   */
  static float[] of(Object features, Model model) {
    float[] x = of(features);
    boolean isBytes = features instanceof byte[];
    if (isBytes != (model.element() == Element.BYTE)) {
      throw new DataException(
          "features are %s, but the model was trained on %s"
              .formatted(isBytes ? "bytes" : "numbers", isBytes ? "numbers" : "bytes"));
    }
    if (x.length != model.inputs()) {
      throw new DataException(
          "a row has %d features; the model takes %d".formatted(x.length, model.inputs()));
    }
    return x;
  }

  private static float[] of(Object features) {
    if (features instanceof Vector vector) {
      float[] x = new float[vector.size()];
      vector.foreachNonZero(
          (index, value) -> {
            x[(int) index] = (float) (double) value;
            return scala.runtime.BoxedUnit.UNIT;
          });
      return x;
    }
    if (features instanceof byte[] bytes) {
      float[] x = new float[bytes.length];
      for (int f = 0; f < x.length; f++) {
        x[f] = Byte.toUnsignedInt(bytes[f]) / FULL;
      }
      return x;
    }
    if (features instanceof scala.collection.Seq<?> numbers) {
      float[] x = new float[numbers.size()];
      scala.collection.Iterator<?> values = numbers.iterator();
      for (int f = 0; f < x.length; f++) {
        x[f] = ((Number) values.next()).floatValue();
      }
      return x;
    }
    throw new DataException("features are %s".formatted(features));
  }
}
