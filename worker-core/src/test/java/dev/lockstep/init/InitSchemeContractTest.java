package dev.lockstep.init;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.lockstep.fixture.Bits;
import dev.lockstep.network.NetworkParser;
import dev.lockstep.network.ParameterLayout;
import dev.lockstep.network.ParameterTensor;
import dev.lockstep.setting.Settings;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds for every scheme of initial weights; a new one is one more row. */
class InitSchemeContractTest {
  private static final int INPUTS = 300;
  private static final int OUTPUTS = 201;
  private static final ParameterLayout LAYOUT =
      NetworkParser.parse(INPUTS, List.of("dense " + OUTPUTS + " relu", "dense 10")).layout();

  private enum Shape {
    /** All the same. */
    CONSTANT(0, 0),
    UNIFORM(Math.sqrt(3), 1.8),
    /** The largest of 60,000 lies beyond four deviations. */
    NORMAL(0, 3),
    /** The bound and the kurtosis of a normal distribution that is cut at two deviations. */
    TRUNCATED_NORMAL(2 / 0.879626, 2.3656);

    /** The largest over the deviation; 0 if nothing bounds it. */
    private final double bound;

    private final double kurtosis;

    Shape(double bound, double kurtosis) {
      this.bound = bound;
      this.kurtosis = kurtosis;
    }
  }

  /**
   * A row of the table.
   *
   * @param kind name of the kind
   * @param given its settings
   * @param mean of the weights of the first layer
   * @param variance likewise
   * @param hash of all tensors in file order, beginning of SHA-256: the bits are part of the
   *     promise; an implementation in Python gave the same, but for orthogonal
   */
  private record Row(
      String kind,
      Map<String, String> given,
      Shape shape,
      double mean,
      double variance,
      String hash) {
    InitScheme scheme() {
      InitKind found = InitSchemes.KINDS.get(kind);
      return found.create(Settings.read(found, given));
    }

    @Override
    public String toString() {
      return kind + given;
    }
  }

  private static Row row(String kind, Shape shape, double variance, String hash) {
    return new Row(kind, Map.of(), shape, 0, variance, hash);
  }

  static Stream<Row> rows() {
    double sum = INPUTS + OUTPUTS;
    double cut = Math.pow(0.879626, 2);
    return Stream.of(
        row("zeros", Shape.CONSTANT, 0, "79e9516689926725"),
        row("he-uniform", Shape.UNIFORM, 2.0 / INPUTS, "990d6f430430b1ec"),
        row("he-normal", Shape.NORMAL, 2.0 / INPUTS, "c0bca131f92689f9"),
        row("xavier-uniform", Shape.UNIFORM, 2 / sum, "e795b3fe29430273"),
        row("xavier-normal", Shape.NORMAL, 2 / sum, "3e21bfd3c744f4df"),
        row("lecun-uniform", Shape.UNIFORM, 1.0 / INPUTS, "64daa0d1eb1e010f"),
        row("lecun-normal", Shape.NORMAL, 1.0 / INPUTS, "0ffa1219d66c282a"),
        row("uniform", Shape.UNIFORM, 0.05 * 0.05 / 3, "19a6c640794612a8"),
        row("normal", Shape.NORMAL, 1e-4, "e42a570ea892d2b0"),
        row("truncated-normal", Shape.TRUNCATED_NORMAL, cut * 4e-4, "75afa7b22418c6af"),
        row("orthogonal", Shape.NORMAL, 1.0 / INPUTS, "dec041f46f154837"),
        new Row("constant", Map.of("value", "0.3"), Shape.CONSTANT, 0.3f, 0, "51b58ec1a5fc3f92"),
        new Row("uniform", Map.of("scale", "2"), Shape.UNIFORM, 0, 4.0 / 3, "8a160bc5b765af38"),
        new Row("normal", Map.of("std", "3"), Shape.NORMAL, 0, 9, "3a087276138c5de4"),
        new Row(
            "truncated-normal",
            Map.of("std", "3"),
            Shape.TRUNCATED_NORMAL,
            0,
            9 * cut,
            "073b6221347187e5"),
        new Row(
            "he-normal", Map.of("gain", "0.5"), Shape.NORMAL, 0, 0.5 / INPUTS, "3a1e954dfbb5d9f8"),
        new Row(
            "orthogonal", Map.of("gain", "2"), Shape.NORMAL, 0, 4.0 / INPUTS, "9871103f5605f207"));
  }

  /** Those whose weights differ from each other. */
  static Stream<Row> randomRows() {
    return rows().filter(row -> row.shape() != Shape.CONSTANT);
  }

  @Test
  void theTableHasEveryKind() {
    assertThat(rows().map(Row::kind).distinct())
        .containsExactlyInAnyOrderElementsOf(InitSchemes.KINDS.names());
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
    assertThat(mean).isCloseTo(row.mean(), within(5 * deviation / Math.sqrt(n)));
    assertThat(variance).isCloseTo(row.variance(), within(5 * row.variance() * Math.sqrt(2 / n)));
    if (row.shape() == Shape.CONSTANT) {
      return;
    }
    double largest = 0;
    for (float weight : weights) {
      largest = Math.max(largest, Math.abs(weight));
    }
    if (row.shape().bound > 0) {
      assertThat(largest / deviation / row.shape().bound).isBetween(0.999, 1.000001);
    } else {
      assertThat(largest / deviation).isBetween(3.5, 6.0);
    }
    assertThat(moment(weights, 4) / (variance * variance))
        .isCloseTo(row.shape().kurtosis, within(0.1));
  }

  /** About the mean, but for the mean itself. */
  private static double moment(float[] weights, int power) {
    double mean = power == 1 ? 0 : moment(weights, 1);
    double sum = 0;
    for (float weight : weights) {
      sum += Math.pow(weight - mean, power);
    }
    return sum / weights.length;
  }

  @ParameterizedTest
  @MethodSource("rows")
  void biasesAndPaddingAreZero(Row row) {
    float[] parameters = row.scheme().parameters(LAYOUT, 1);
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
  @MethodSource("randomRows")
  void seedsAndTensorsDrawDifferentNumbers(Row row) {
    InitScheme scheme = row.scheme();
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

  /** The one Q of A = Q R whose R has a diagonal above 0, for A of standard normal numbers. */
  @ParameterizedTest
  @CsvSource({"20, 7", "7, 20", "12, 12", "5, 1", "1, 5", "1, 1"})
  void orthogonalWeightsAreThoseOfTheFactorisation(int in, int out) {
    int m = Math.max(in, out);
    int n = Math.min(in, out);
    double[][] a = tall(new Normal(1).weights(in, out, 3, 9), in, out);
    double[][] q = tall(new Orthogonal(1).weights(in, out, 3, 9), in, out);
    for (int j = 0; j < n; j++) {
      for (int k = 0; k < n; k++) {
        double product = 0;
        double r = 0;
        for (int i = 0; i < m; i++) {
          product += q[i][j] * q[i][k];
          r += q[i][j] * a[i][k];
        }
        assertThat(product).isCloseTo(j == k ? 1 : 0, within(1e-6));
        if (j == k) {
          assertThat(r).as("R[%s,%s]", j, k).isPositive();
        } else if (j > k) {
          assertThat(r).as("R[%s,%s]", j, k).isCloseTo(0, within(1e-5));
        }
      }
    }
  }

  /** Weights [O, I], with the greater side down. */
  private static double[][] tall(float[] weights, int in, int out) {
    double[][] tall = new double[Math.max(in, out)][Math.min(in, out)];
    for (int o = 0; o < out; o++) {
      for (int i = 0; i < in; i++) {
        tall[in < out ? o : i][in < out ? i : o] = weights[o * in + i];
      }
    }
    return tall;
  }

  @Test
  void gainMultipliesTheWeights() {
    float[] one = new Orthogonal(1).weights(9, 4, 0, 1);
    float[] two = new Orthogonal(2).weights(9, 4, 0, 1);
    for (int i = 0; i < one.length; i++) {
      assertThat(two[i]).isEqualTo(2 * one[i]);
    }
  }
}
