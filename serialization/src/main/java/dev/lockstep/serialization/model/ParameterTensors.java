package dev.lockstep.serialization.model;

import static dev.lockstep.serialization.FormatException.shown;

import dev.lockstep.network.ParameterLayout;
import dev.lockstep.network.ParameterTensor;
import dev.lockstep.serialization.FormatException;
import dev.lockstep.serialization.Sha256;
import dev.lockstep.serialization.tensor.SafetensorsFile;
import dev.lockstep.serialization.tensor.Tensor;
import dev.lockstep.serialization.tensor.TensorSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

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

  /** The same, each made only when it is written. */
  public static List<TensorSource> later(
      ParameterLayout layout, Supplier<float[]> vector, String prefix) {
    return layout.tensors().stream()
        .map(
            tensor ->
                TensorSource.of(
                    prefix + tensor.name(),
                    tensor.fileShape(),
                    () -> tensor.toFileOrder(vector.get())))
        .toList();
  }

  /**
   * The vector in panel order that a file holds.
   *
   * @param name the file, for messages
   * @throws FormatException unless the file holds the tensors of the network and no other
   */
  public static float[] toVector(
      ParameterLayout layout, SafetensorsFile file, String prefix, String name) {
    return toVectors(layout, file, List.of(prefix), name).get(0);
  }

  /**
   * The vectors in panel order that a file holds, one for each prefix.
   *
   * @param name the file, for messages
   * @throws FormatException unless the file holds the tensors of the network, once for each prefix,
   *     and no other
   */
  public static List<float[]> toVectors(
      ParameterLayout layout, SafetensorsFile file, List<String> prefixes, String name) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    file.tensors().forEach(tensor -> tensors.put(tensor.name(), tensor));
    checkNamesAndShapes(layout, tensors, prefixes, name);
    // Only now is memory taken, and no more than the file's own.
    List<float[]> vectors = new ArrayList<>();
    for (String prefix : prefixes) {
      float[] vector = new float[layout.length()];
      for (ParameterTensor tensor : layout.tensors()) {
        tensor.fromFileOrder(tensors.get(prefix + tensor.name()).values(), vector);
      }
      vectors.add(vector);
    }
    return vectors;
  }

  private static void checkNamesAndShapes(
      ParameterLayout layout, Map<String, Tensor> tensors, List<String> prefixes, String name) {
    Set<String> others = new LinkedHashSet<>(tensors.keySet());
    for (String prefix : prefixes) {
      for (ParameterTensor wanted : layout.tensors()) {
        String tensor = prefix + wanted.name();
        if (!others.remove(tensor)) {
          throw new FormatException(
              "%s has no tensor %s of shape %s".formatted(name, tensor, wanted.fileShape()));
        }
        List<Integer> shape = tensors.get(tensor).shape();
        if (!shape.equals(wanted.fileShape())) {
          throw new FormatException(
              "%s: tensor %s has shape %s, but the network wants %s"
                  .formatted(name, tensor, shown(shape.toString()), wanted.fileShape()));
        }
      }
    }
    if (!others.isEmpty()) {
      throw new FormatException(
          "%s has a tensor %s, for which the network has no place"
              .formatted(name, shown(others.iterator().next())));
    }
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
