package dev.lockstep.serialization.tensor;

import java.util.List;
import java.util.function.Supplier;

/** A tensor to be written, whose values may be made only when their turn comes. */
public interface TensorSource {
  /** Its name in a file. */
  String name();

  /** Its dimensions, each 0 or more; empty for a single value. */
  List<Integer> shape();

  /** Its values, row-major; as many as the shape's product. */
  float[] values();

  /** One whose values are made when they are written, and then let go of. */
  static TensorSource of(String name, List<Integer> shape, Supplier<float[]> values) {
    return new Later(name, shape, values);
  }

  /** Values that are made when they are asked for. */
  record Later(String name, List<Integer> shape, Supplier<float[]> maker) implements TensorSource {
    @Override
    public float[] values() {
      return maker.get();
    }
  }
}
