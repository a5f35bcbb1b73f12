package dev.lockstep.golden;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.fixture.Examples;
import dev.lockstep.network.Network;
import dev.lockstep.network.ParameterTensor;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Named tensors of a golden file; its format is told in src-test/golden/generate.py. */
record GoldenFile(Map<String, Tensor> tensors) {
  private static final Pattern BLANK = Pattern.compile(" ");

  /** Values in row-major order; exact. */
  record Tensor(List<Integer> shape, double[] values) {
    float[] floats() {
      float[] floats = new float[values.length];
      for (int i = 0; i < floats.length; i++) {
        floats[i] = (float) values[i];
      }
      return floats;
    }

    int[] integers() {
      return Arrays.stream(values).mapToInt(v -> (int) v).toArray();
    }
  }

  static GoldenFile read(String name) throws IOException {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    try (InputStream in = GoldenFile.class.getResourceAsStream("/golden/" + name)) {
      for (String line :
          new String(in.readAllBytes(), StandardCharsets.US_ASCII).lines().toList()) {
        String[] words = BLANK.split(line, -1);
        List<Integer> shape = Stream.of(words[1].split(",", -1)).map(Integer::valueOf).toList();
        double[] values = Arrays.stream(words).skip(2).mapToDouble(Double::parseDouble).toArray();
        assertThat(values).hasSize(shape.stream().reduce(1, (a, b) -> a * b));
        tensors.put(words[0], new Tensor(shape, values));
      }
    }
    return new GoldenFile(tensors);
  }

  Tensor get(String name) {
    assertThat(tensors).containsKey(name);
    return tensors.get(name);
  }

  /** The parameters of a network, in panel order. */
  float[] parameters(Network network) {
    float[] parameters = new float[network.layout().length()];
    for (ParameterTensor tensor : network.layout().tensors()) {
      assertThat(get(tensor.name()).shape()).isEqualTo(tensor.fileShape());
      tensor.fromFileOrder(get(tensor.name()).floats(), parameters);
    }
    return parameters;
  }

  /** Compares element by element; the bound is relative to the largest expected value. */
  void assertClose(String name, float[] actual, double bound) {
    double[] expected = get(name).values();
    assertThat(actual).hasSameSizeAs(expected);
    double largest = Arrays.stream(expected).map(Math::abs).max().orElseThrow();
    for (int i = 0; i < expected.length; i++) {
      assertThat(Math.abs(actual[i] - expected[i]) / largest)
          .as("%s[%s]: %s, want %s", name, i, actual[i], expected[i])
          .isLessThan(bound);
    }
  }

  /** Its {@code pixels} and {@code labels}. */
  Examples examples() {
    int[] labels = get("labels").integers();
    int[] flat = get("pixels").integers();
    int features = flat.length / labels.length;
    byte[][] pixels = new byte[labels.length][features];
    for (int i = 0; i < flat.length; i++) {
      pixels[i / features][i % features] = (byte) flat[i];
    }
    return new Examples(pixels, labels);
  }
}
