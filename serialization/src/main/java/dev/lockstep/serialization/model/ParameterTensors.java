package dev.lockstep.serialization.model;

import dev.lockstep.network.ParameterLayout;
import dev.lockstep.network.ParameterTensor;
import dev.lockstep.serialization.FormatException;
import dev.lockstep.serialization.Sha256;
import dev.lockstep.serialization.tensor.SafetensorsFile;
import dev.lockstep.serialization.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/** The way between a vector in panel order and the named tensors of a file. */
public final class ParameterTensors {
  private ParameterTensors() {}

  /** The tensors of a vector, in the order of files; a prefix stands before their names. */
  public static List<Tensor> of(ParameterLayout layout, float[] vector, String prefix) {
    List<Tensor> tensors = new ArrayList<>();
    for (ParameterTensor tensor : layout.tensors()) {
      tensors.add(
          new Tensor(prefix + tensor.name(), tensor.fileShape(), tensor.toFileOrder(vector)));
    }
    return tensors;
  }

  /**
   * The vector in panel order that a file holds.
   *
   * @param name the file, for messages
   * @throws FormatException if a tensor is missing, or has another shape than the network
   */
  public static float[] toVector(
      ParameterLayout layout, SafetensorsFile file, String prefix, String name) {
    float[] vector = new float[layout.length()];
    for (ParameterTensor tensor : layout.tensors()) {
      Tensor found =
          file.tensors().stream()
              .filter(t -> t.name().equals(prefix + tensor.name()))
              .findFirst()
              .orElseThrow(
                  () ->
                      new FormatException(
                          "%s has no tensor %s of shape %s"
                              .formatted(name, prefix + tensor.name(), tensor.fileShape())));
      if (!found.shape().equals(tensor.fileShape())) {
        throw new FormatException(
            "%s: tensor %s has shape %s, but the network wants %s"
                .formatted(name, found.name(), found.shape(), tensor.fileShape()));
      }
      tensor.fromFileOrder(found.values(), vector);
    }
    return vector;
  }

  /** SHA-256 of the parameters as little-endian float32, in the order of files. */
  public static String sha256(ParameterLayout layout, float[] vector) {
    Sha256 digest = new Sha256();
    for (ParameterTensor tensor : layout.tensors()) {
      float[] values = tensor.toFileOrder(vector);
      digest.update(values, 0, values.length);
    }
    return digest.hex();
  }
}
