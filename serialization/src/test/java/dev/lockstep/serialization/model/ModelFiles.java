package dev.lockstep.serialization.model;

import dev.lockstep.loss.SoftmaxCrossEntropy;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SplittableRandom;

/**
 * The two files of a model, in memory.
 *
 * @param description what {@code model.json} holds
 * @param tensors what {@code model.safetensors} holds
 */
record ModelFiles(byte[] description, byte[] tensors) {
  /** What messages call the model's directory. */
  static final String NAME = "runs/a/model";

  static ModelFiles of(Model model) {
    ByteArrayOutputStream description = new ByteArrayOutputStream();
    ByteArrayOutputStream tensors = new ByteArrayOutputStream();
    try {
      model.writeDescription(description);
      model.writeTensors(tensors);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new ModelFiles(description.toByteArray(), tensors.toByteArray());
  }

  /** A model with panels of padding: 5 inputs, 33 units, 3 classes. */
  static Model draw(long seed) {
    Model shape =
        new Model(5, List.of("dense 33 relu", "dense 3"), new SoftmaxCrossEntropy(), new float[0]);
    SplittableRandom random = new SplittableRandom(seed);
    float[] parameters = new float[shape.network().layout().length()];
    shape
        .network()
        .layout()
        .tensors()
        .forEach(
            tensor -> {
              float[] values = new float[tensor.size()];
              for (int i = 0; i < values.length; i++) {
                values[i] = random.nextFloat(-1f, 1f);
              }
              tensor.fromFileOrder(values, parameters);
            });
    return new Model(shape.inputs(), shape.layers(), shape.loss(), parameters);
  }

  String text() {
    return new String(description, StandardCharsets.UTF_8);
  }

  ModelFiles withDescription(byte[] description) {
    return new ModelFiles(description, tensors);
  }

  ModelFiles withText(String description) {
    return withDescription(description.getBytes(StandardCharsets.UTF_8));
  }

  ModelFiles withTensors(byte[] tensors) {
    return new ModelFiles(description, tensors);
  }

  Model read() {
    try {
      return Model.read(
          new ByteArrayInputStream(description),
          new ByteArrayInputStream(tensors),
          tensors.length,
          NAME);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
