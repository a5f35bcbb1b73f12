package dev.lockstep.serialization.tensor;

import dev.lockstep.serialization.FormatException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What a safetensors file holds.
 *
 * @param metadata free text by key, sorted by key
 * @param tensors in the order of their data; names differ
 */
public record SafetensorsFile(Map<String, String> metadata, List<Tensor> tensors) {
  /** The key of the metadata in the header, which no tensor may have as its name. */
  static final String METADATA = "__metadata__";

  public SafetensorsFile {
    metadata = Collections.unmodifiableMap(new TreeMap<>(metadata));
    tensors = List.copyOf(tensors);
    check(metadata, tensors);
  }

  /** Checks that these can stand in one file. */
  static void check(Map<String, String> metadata, List<? extends TensorSource> tensors) {
    metadata.forEach(
        (key, value) -> {
          checkText("metadata key", key);
          checkText("metadata value", value);
        });
    Set<String> names = new HashSet<>();
    for (TensorSource tensor : tensors) {
      checkText("tensor name", tensor.name());
      if (tensor.name().equals(METADATA)) {
        throw new IllegalArgumentException(
            "a tensor is named %s, which the format keeps for itself; want another name"
                .formatted(METADATA));
      }
      if (!names.add(tensor.name())) {
        throw new IllegalArgumentException(
            "two tensors are named %s; want names that differ".formatted(tensor.name()));
      }
    }
  }

  /** True for text that UTF-8 can hold: every surrogate has its partner. */
  static boolean isText(String text) {
    return StandardCharsets.UTF_8.newEncoder().canEncode(text);
  }

  private static void checkText(String what, String text) {
    if (!isText(text)) {
      throw new IllegalArgumentException(
          "%s %s has half a surrogate pair, which UTF-8 cannot hold".formatted(what, text));
    }
  }

  /**
   * The tensor of that name.
   *
   * @throws FormatException if there is none
   */
  public Tensor tensor(String name) {
    for (Tensor tensor : tensors) {
      if (tensor.name().equals(name)) {
        return tensor;
      }
    }
    throw new FormatException(
        "tensor %s is missing among the %d tensors of the file".formatted(name, tensors.size()));
  }
}
