package dev.lockstep.init;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.lockstep.fixture.Bits;
import dev.lockstep.network.NetworkParser;
import dev.lockstep.network.ParameterLayout;
import dev.lockstep.network.ParameterTensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds for every scheme of initial weights; a new one is one more row. */
class InitSchemeContractTest {
  private static final int INPUTS = 300;
  private static final int OUTPUTS = 201;
  private static final ParameterLayout LAYOUT =
      NetworkParser.parse(INPUTS, List.of("dense " + OUTPUTS + " relu", "dense 10")).layout();

  private enum Shape {
    UNIFORM,
    NORMAL,
    ZERO
  }

  /**
   * A row of the table.
   *
   * @param variance of the weights of the first layer
   * @param hash of all tensors in file order, beginning of SHA-256: the bits are part of the
   *     promise; an implementation in Python gave the same
   */
  private record Row(InitScheme scheme, Shape shape, double variance, String hash) {
    @Override
    public String toString() {
      return scheme.configName();
    }
  }

  static Stream<Row> rows() {
    double sum = INPUTS + OUTPUTS;
    return Stream.of(
        new Row(InitScheme.ZEROS, Shape.ZERO, 0, "79e9516689926725"),
        new Row(InitScheme.HE_UNIFORM, Shape.UNIFORM, 2.0 / INPUTS, "990d6f430430b1ec"),
        new Row(InitScheme.HE_NORMAL, Shape.NORMAL, 2.0 / INPUTS, "c0bca131f92689f9"),
        new Row(InitScheme.XAVIER_UNIFORM, Shape.UNIFORM, 2 / sum, "e795b3fe29430273"),
        new Row(InitScheme.XAVIER_NORMAL, Shape.NORMAL, 2 / sum, "3e21bfd3c744f4df"));
  }

  @Test
  void theTableHasEveryScheme() {
    assertThat(rows().map(Row::scheme)).containsExactly(InitScheme.values());
    assertThat(rows().map(Row::toString)).containsExactlyElementsOf(InitScheme.names());
  }

  @ParameterizedTest
  @MethodSource("rows")
  void theBitsAreThoseOfTheFirstVersion(Row row) throws NoSuchAlgorithmException {
    float[] parameters = row.scheme().parameters(LAYOUT, 42);
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    for (ParameterTensor tensor : LAYOUT.tensors()) {
      ByteBuffer bytes = ByteBuffer.allocate(4 * tensor.size()).order(ByteOrder.LITTLE_ENDIAN);
      bytes.asFloatBuffer().put(tensor.toFileOrder(parameters));
      digest.update(bytes);
    }
    assertThat(HexFormat.of().formatHex(digest.digest()).substring(0, 16)).isEqualTo(row.hash());
  }

  /** Bounds of five standard errors; the seed is fixed, so this passes always or never. */
  @ParameterizedTest
  @MethodSource("rows")
  void theWeightsHaveTheirDistribution(Row row) {
    float[] weights = LAYOUT.tensors().get(0).toFileOrder(row.scheme().parameters(LAYOUT, 1));
    double mean = moment(weights, 1);
    double variance = moment(weights, 2);
    double deviation = Math.sqrt(row.variance());
    double n = weights.length;
    assertThat(mean).isCloseTo(0, within(5 * deviation / Math.sqrt(n)));
    assertThat(variance).isCloseTo(row.variance(), within(5 * row.variance() * Math.sqrt(2 / n)));
    double largest = 0;
    for (float weight : weights) {
      largest = Math.max(largest, Math.abs(weight));
    }
    switch (row.shape()) {
      case ZERO -> assertThat(largest).isZero();
      case UNIFORM -> {
        assertThat(largest / (deviation * Math.sqrt(3))).isBetween(0.999, 1.0);
        assertThat(kurtosis(weights)).isCloseTo(1.8, within(0.05));
      }
      case NORMAL -> {
        assertThat(largest / deviation).isBetween(3.5, 6.0);
        assertThat(kurtosis(weights)).isCloseTo(3, within(0.1));
      }
    }
  }

  private static double kurtosis(float[] weights) {
    return moment(weights, 4) / (moment(weights, 2) * moment(weights, 2));
  }

  private static double moment(float[] weights, int power) {
    double sum = 0;
    for (float weight : weights) {
      sum += Math.pow(weight, power);
    }
    return sum / weights.length;
  }

  @ParameterizedTest
  @EnumSource
  void biasesAndPaddingAreZero(InitScheme scheme) {
    float[] parameters = scheme.parameters(LAYOUT, 1);
    for (ParameterTensor tensor : LAYOUT.tensors()) {
      float[] zeros = new float[tensor.size()];
      if (tensor.shape().isVector()) {
        Bits.assertSame(tensor.name(), tensor.toFileOrder(parameters), zeros);
      }
      tensor.fromFileOrder(zeros, parameters);
    }
    Bits.assertSame("padding", parameters, new float[LAYOUT.length()]);
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "ZEROS")
  void seedsAndTensorsDrawDifferentNumbers(InitScheme scheme) {
    ParameterLayout square = NetworkParser.parse(50, List.of("dense 50", "dense 50")).layout();
    float[] one = scheme.parameters(square, 1);
    float[] two = scheme.parameters(square, 2);
    float[] highBits = scheme.parameters(square, 1L | 1L << 40);
    float[] first = square.tensors().get(0).toFileOrder(one);
    assertThat(shared(first, square.tensors().get(2).toFileOrder(one))).isLessThan(5);
    assertThat(shared(first, square.tensors().get(0).toFileOrder(two))).isLessThan(5);
    assertThat(shared(first, square.tensors().get(0).toFileOrder(highBits))).isLessThan(5);
    assertThat(shared(first, transposed(first, 50))).as("the diagonal and chance").isLessThan(55);
  }

  private static int shared(float[] a, float[] b) {
    int shared = 0;
    for (int i = 0; i < a.length; i++) {
      shared += a[i] == b[i] ? 1 : 0;
    }
    return shared;
  }

  private static float[] transposed(float[] square, int side) {
    float[] transposed = new float[square.length];
    for (int i = 0; i < square.length; i++) {
      transposed[i] = square[i % side * side + i / side];
    }
    return transposed;
  }
}
