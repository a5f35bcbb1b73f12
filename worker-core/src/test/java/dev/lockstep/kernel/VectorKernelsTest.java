package dev.lockstep.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.fixture.Bits;
import dev.lockstep.fixture.KernelWidths;
import dev.lockstep.random.Purpose;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The vector kernels of each width give the bits of the scalar ones. */
class VectorKernelsTest {
  private static final int[] ROWS =
      IntStream.concat(IntStream.rangeClosed(1, 20), IntStream.of(63, 64, 65)).toArray();
  private static final int[] SIZES = {1, 4, 6, 13, 31, 32, 33, 64, 65, 207, 784};

  /** Beyond this, sizes are tried with ordinary numbers and few rows only: they add no tail. */
  private static final int SMALL = 65;

  private static final int[] FEW_ROWS = {1, 7, 20, 65};

  private final Kernels scalar = Kernels.SCALAR;
  private final SplittableRandom random = new SplittableRandom(2);

  private interface Trial {
    void run(int rows, int inputs, int outputs, Values values);
  }

  private static void overAllSizes(Trial trial) {
    for (int inputs : SIZES) {
      for (int outputs : SIZES) {
        boolean isSmall = Math.max(inputs, outputs) <= SMALL;
        for (Values values : isSmall ? Values.values() : new Values[] {Values.ORDINARY}) {
          for (int rows : isSmall ? ROWS : FEW_ROWS) {
            trial.run(rows, inputs, outputs, values);
          }
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {128, 256, 512})
  void affine(int bits) {
    Kernels vector = KernelWidths.vector(bits);
    overAllSizes(
        (rows, inputs, outputs, values) -> {
          Panels x = pooled(values, rows + 2, inputs);
          Panels w = pooled(values, inputs + 1, outputs);
          Panels expected = pooled(values, rows + 1, outputs);
          Panels y = ScalarKernelsTest.copy(expected);
          scalar.matrix().affine(rows, x, w, expected);
          vector.matrix().affine(rows, x, w, y);
          assertSame(new Size(rows, inputs, outputs), rows, y, expected);
        });
  }

  @ParameterizedTest
  @ValueSource(ints = {128, 256, 512})
  void product(int bits) {
    Kernels vector = KernelWidths.vector(bits);
    overAllSizes(
        (rows, inputs, outputs, values) -> {
          Panels x = pooled(values, rows + 2, inputs);
          Panels a = pooled(values, inputs, outputs);
          Panels expected = pooled(values, rows + 1, outputs);
          Panels y = ScalarKernelsTest.copy(expected);
          scalar.matrix().product(rows, x, a, expected);
          vector.matrix().product(rows, x, a, y);
          assertSame(new Size(rows, inputs, outputs), rows, y, expected);
        });
  }

  @ParameterizedTest
  @ValueSource(ints = {128, 256, 512})
  void weightGradient(int bits) {
    Kernels vector = KernelWidths.vector(bits);
    overAllSizes(
        (rows, inputs, outputs, values) -> {
          SumProgram program = SumProgram.random(rows, random.nextInt(1, 12), random);
          assertSameWeightGradient(vector, program.segments(), inputs, outputs, values);
        });
  }

  @ParameterizedTest
  @ValueSource(ints = {128, 256, 512})
  void continuedWeightGradient(int bits) {
    Kernels vector = KernelWidths.vector(bits);
    overAllSizes(
        (rows, inputs, outputs, values) -> {
          RowSegments segments = RowSegments.single(rows, true);
          assertSameWeightGradient(vector, segments, inputs, outputs, values);
        });
  }

  @ParameterizedTest
  @ValueSource(ints = {128, 256, 512})
  void deepTreesOfSmallShards(int bits) {
    Kernels vector = KernelWidths.vector(bits);
    for (int shards = 1; shards <= 130; shards++) {
      int[] counts = random.ints(shards, 0, 3).toArray();
      counts[random.nextInt(shards)] = 1;
      RowSegments segments = new SumProgram(counts).segments();
      assertSameWeightGradient(vector, segments, 13, 33, Values.ORDINARY);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {128, 256, 512})
  void longRunsOfManySegments(int bits) {
    Kernels vector = KernelWidths.vector(bits);
    for (int[] counts : new int[][] {{128}, {129}, {300, 5}, {7, 257, 128, 1}, {64, 64, 65, 200}}) {
      for (int inputs : new int[] {10, 13, 16, 20, 28, 64, 300}) {
        RowSegments segments = new SumProgram(counts).segments();
        assertSameWeightGradient(vector, segments, inputs, 10, Values.ORDINARY);
        assertSameWeightGradient(vector, segments, inputs, 300, Values.ORDINARY);
      }
    }
  }

  private void assertSameWeightGradient(
      Kernels vector, RowSegments segments, int inputs, int outputs, Values values) {
    Panels x = pooled(values, segments.rows() + 1, inputs);
    Panels dy = pooled(values, segments.rows() + 2, outputs);
    Panels expected = pooled(values, inputs + 1, outputs);
    Panels dw = ScalarKernelsTest.copy(expected);
    scalar.matrix().weightGradient(segments, x, dy, expected, ScalarKernelsTest.stack(segments));
    vector.matrix().weightGradient(segments, x, dy, dw, ScalarKernelsTest.stack(segments));
    assertSame(new Size(segments.rows(), inputs, outputs), dw.rows(), dw, expected);
  }

  /** Everything is the same but the padding of the rows that were computed. */
  private static void assertSame(Object what, int rows, Panels actual, Panels expected) {
    for (int r = 0; r < rows; r++) {
      for (int c = actual.columns(); c < actual.count() * Panels.WIDTH; c++) {
        actual.set(r, c, expected.get(r, c));
      }
    }
    Bits.assertSame(what, actual.data(), expected.data());
  }

  @ParameterizedTest
  @ValueSource(ints = {128, 256, 512})
  void paddingOfTheWeightGradientStaysZero(int bits) {
    Kernels vector = KernelWidths.vector(bits);
    for (int outputs : SIZES) {
      RowSegments segments = new SumProgram(new int[] {16, 3, 0, 140}).segments();
      Panels x = pooled(Values.ORDINARY, segments.rows(), 33);
      Panels dy = pooled(Values.ORDINARY, segments.rows(), outputs);
      clearPadding(dy);
      Panels dw = Panels.allocate(34, outputs);
      vector.matrix().weightGradient(segments, x, dy, dw, ScalarKernelsTest.stack(segments));
      Panels expected = ScalarKernelsTest.copy(dw);
      clearPadding(expected);
      Bits.assertSame(outputs + " outputs", dw.data(), expected.data());
    }
  }

  private static void clearPadding(Panels a) {
    for (int r = 0; r < a.rows(); r++) {
      for (int c = a.columns(); c < a.count() * Panels.WIDTH; c++) {
        a.set(r, c, 0f);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {128, 256, 512})
  void transpose(int bits) {
    Kernels vector = KernelWidths.vector(bits);
    for (int inputs : SIZES) {
      for (int outputs : SIZES) {
        Panels w = pooled(Values.ORDINARY, inputs + 1, outputs);
        Panels expected = pooled(Values.ORDINARY, outputs, inputs);
        Panels t = ScalarKernelsTest.copy(expected);
        scalar.matrix().transpose(w, expected);
        vector.matrix().transpose(w, t);
        Bits.assertSame(new Size(0, inputs, outputs), t.data(), expected.data());
      }
    }
  }

  private interface InPlace {
    void apply(ElementKernels kernels, float[] y, float[] dy, int from, int to);
  }

  @ParameterizedTest
  @ValueSource(ints = {128, 256, 512})
  void relu(int bits) {
    assertSameInPlace(bits, (kernels, y, dy, from, to) -> kernels.relu(y, from, to));
    assertSameInPlace(
        bits, (kernels, y, dy, from, to) -> kernels.reluGradient(y, from, dy, from, to - from));
  }

  @ParameterizedTest
  @ValueSource(ints = {128, 256, 512})
  void sigmoid(int bits) {
    assertSameInPlace(bits, (kernels, y, dy, from, to) -> kernels.sigmoid(y, from, to));
    assertSameInPlace(
        bits, (kernels, y, dy, from, to) -> kernels.sigmoidGradient(y, from, dy, from, to - from));
  }

  @ParameterizedTest
  @ValueSource(ints = {128, 256, 512})
  void tanh(int bits) {
    assertSameInPlace(bits, (kernels, y, dy, from, to) -> kernels.tanh(y, from, to));
    assertSameInPlace(
        bits, (kernels, y, dy, from, to) -> kernels.tanhGradient(y, from, dy, from, to - from));
  }

  @ParameterizedTest
  @ValueSource(ints = {128, 256, 512})
  void threshold(int bits) {
    assertSameInPlace(bits, (kernels, y, dy, from, to) -> kernels.threshold(y, from, to, 0.25f));
  }

  @ParameterizedTest
  @ValueSource(ints = {128, 256, 512})
  void leakyRelu(int bits) {
    assertSameInPlace(bits, (kernels, y, dy, from, to) -> kernels.leakyRelu(y, from, to, 0.1f));
    assertSameInPlace(
        bits,
        (kernels, y, dy, from, to) ->
            kernels.leakyReluGradient(y, from, dy, from, to - from, 0.1f));
  }

  @ParameterizedTest
  @ValueSource(ints = {128, 256, 512})
  void elu(int bits) {
    assertSameInPlace(bits, (kernels, y, dy, from, to) -> kernels.elu(y, from, to, 1.5f, 1.1f));
    assertSameInPlace(
        bits,
        (kernels, y, dy, from, to) ->
            kernels.eluGradient(y, from, dy, from, to - from, 1.5f, 1.1f));
  }

  @ParameterizedTest
  @ValueSource(ints = {128, 256, 512})
  void softplus(int bits) {
    assertSameInPlace(bits, (kernels, y, dy, from, to) -> kernels.softplus(y, from, to));
    assertSameInPlace(
        bits, (kernels, y, dy, from, to) -> kernels.softplusGradient(y, from, dy, from, to - from));
  }

  @ParameterizedTest
  @ValueSource(ints = {128, 256, 512})
  void gelu(int bits) {
    assertSameInPlace(bits, (kernels, y, dy, from, to) -> kernels.gelu(y, from, to));
    assertSameInPlace(
        bits, (kernels, y, dy, from, to) -> kernels.geluGradient(y, from, dy, from, to - from));
  }

  @ParameterizedTest
  @ValueSource(ints = {128, 256, 512})
  void geluTanh(int bits) {
    assertSameInPlace(bits, (kernels, y, dy, from, to) -> kernels.geluTanh(y, from, to));
    assertSameInPlace(
        bits, (kernels, y, dy, from, to) -> kernels.geluTanhGradient(y, from, dy, from, to - from));
  }

  @ParameterizedTest
  @ValueSource(ints = {128, 256, 512})
  void silu(int bits) {
    assertSameInPlace(bits, (kernels, y, dy, from, to) -> kernels.silu(y, from, to));
    assertSameInPlace(
        bits, (kernels, y, dy, from, to) -> kernels.siluGradient(y, from, dy, from, to - from));
  }

  @ParameterizedTest
  @ValueSource(ints = {128, 256, 512})
  void multiply(int bits) {
    assertSameInPlace(
        bits, (kernels, y, dy, from, to) -> kernels.multiply(dy, from, y, from, to - from));
  }

  /** Over panels at odd places, with other numbers around them. */
  @ParameterizedTest
  @ValueSource(ints = {128, 256, 512})
  void prelu(int bits) {
    Kernels vector = KernelWidths.vector(bits);
    for (Values values : Values.values()) {
      for (int rows = 0; rows < 40; rows++) {
        float[] x = values.array(7 + (rows + 1) * Panels.WIDTH, random);
        float[] slopes = values.array(3 + Panels.WIDTH, random);
        float[][] expected = {x.clone(), x.clone(), x.clone()};
        float[][] actual = {x.clone(), x.clone(), x.clone()};
        Map<ElementKernels, float[][]> sides = new LinkedHashMap<>();
        sides.put(scalar.elements(), expected);
        sides.put(vector.elements(), actual);
        int count = rows;
        sides.forEach(
            (kernels, to) -> {
              kernels.prelu(x, 7, count, slopes, 3, to[0], 5);
              kernels.preluGradient(x, 7, count, slopes, 3, to[1], 2, to[2], 4);
            });
        for (int i = 0; i < expected.length; i++) {
          Bits.assertSame(rows + " rows of " + values, actual[i], expected[i]);
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {128, 256, 512})
  void largerAndRoute(int bits) {
    Kernels vector = KernelWidths.vector(bits);
    for (Values values : Values.values()) {
      for (int columns = 1; columns <= Panels.WIDTH; columns++) {
        int rows = random.nextInt(1, 9);
        float[] x = values.array(9 + rows * Panels.WIDTH, random);
        float[][] expected = {values.array(x.length, random), new float[x.length], x.clone()};
        float[][] actual = {expected[0].clone(), expected[1].clone(), x.clone()};
        for (int piece = 1; piece < 3; piece++) {
          scalar.elements().larger(x, 1, rows, columns, piece, expected[0], 3, expected[1], 5);
          vector.elements().larger(x, 1, rows, columns, piece, actual[0], 3, actual[1], 5);
          scalar.elements().route(x, 2, rows, columns, piece, expected[1], 5, expected[2], 4);
          vector.elements().route(x, 2, rows, columns, piece, actual[1], 5, actual[2], 4);
          for (int i = 0; i < expected.length; i++) {
            Bits.assertSame(columns + " columns of " + values, actual[i], expected[i]);
          }
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {128, 256, 512})
  void randomWordsAndMasks(int bits) {
    Kernels vector = KernelWidths.vector(bits);
    for (int i = 0; i < 1000; i++) {
      long seed = random.nextLong();
      int a = random.nextInt();
      int b = random.nextInt();
      int c = i == 0 ? -3 : random.nextInt();
      int[] expected = new int[Panels.WIDTH];
      int[] words = new int[Panels.WIDTH];
      scalar.elements().randomWords(seed, Purpose.DROPOUT, a, b, c, expected);
      vector.elements().randomWords(seed, Purpose.DROPOUT, a, b, c, words);
      assertThat(words).isEqualTo(expected);
      float[] expectedMask = new float[50];
      float[] mask = new float[50];
      int limit = random.nextInt(1 << 24);
      words[3] = limit << 8;
      scalar.elements().mask(words, limit, 1.5f, expectedMask, 7);
      vector.elements().mask(words, limit, 1.5f, mask, 7);
      Bits.assertSame("mask", mask, expectedMask);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {128, 256, 512})
  void columnSums(int bits) {
    Kernels vector = KernelWidths.vector(bits);
    for (Values values : Values.values()) {
      for (int columns : new int[] {1, 31, 32, 65}) {
        for (int trial = 0; trial < 50; trial++) {
          int rows = random.nextInt(1, 300);
          boolean isContinued = random.nextBoolean();
          RowSegments segments =
              isContinued
                  ? RowSegments.single(rows, true)
                  : SumProgram.random(rows, random.nextInt(1, 40), random).segments();
          Panels a = pooled(values, rows + 2, columns);
          Panels expected = pooled(values, 3, columns);
          Panels sums = ScalarKernelsTest.copy(expected);
          Panels stack = ScalarKernelsTest.stack(segments);
          scalar.matrix().columnSums(segments, a, expected, 1, stack);
          vector.matrix().columnSums(segments, a, sums, 1, ScalarKernelsTest.stack(segments));
          Bits.assertSame(columns + " columns", sums.data(), expected.data());
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {128, 256, 512})
  void expAndDivide(int bits) {
    assertSameInPlace(
        bits, (kernels, y, dy, from, to) -> kernels.exp(y, from, 0.75f, dy, from, to - from));
    assertSameInPlace(bits, (kernels, y, dy, from, to) -> kernels.divide(y, from, to, 3f));
  }

  /** Over all offsets and lengths that can break a tail, and over floats of every exponent. */
  private void assertSameInPlace(int bits, InPlace kernel) {
    Kernels vector = KernelWidths.vector(bits);
    for (int from = 0; from < 20; from++) {
      for (int length = 0; length < 70; length++) {
        Values values = random.nextBoolean() ? Values.TINY : Values.WILD;
        float[] y =
            ScalarKernelsTest.concat(ScalarKernelsTest.specials(), values.array(75, random));
        assertSameInPlace(vector, kernel, shuffled(y), from, from + length);
      }
    }
    float[] sweep = new float[1 << 16];
    for (int i = 0; i < sweep.length; i++) {
      sweep[i] = Float.intBitsToFloat(i << 16 | random.nextInt(1 << 16));
    }
    assertSameInPlace(vector, kernel, sweep, 0, sweep.length);
  }

  private void assertSameInPlace(Kernels vector, InPlace kernel, float[] values, int from, int to) {
    float[] expected = values.clone();
    float[] actual = values.clone();
    float[] expectedGradient = Values.ORDINARY.array(values.length, random);
    float[] gradient = expectedGradient.clone();
    kernel.apply(scalar.elements(), expected, expectedGradient, from, to);
    kernel.apply(vector.elements(), actual, gradient, from, to);
    Bits.assertSame("y over [" + from + ", " + to + ")", actual, expected);
    Bits.assertSame("dy over [" + from + ", " + to + ")", gradient, expectedGradient);
  }

  @ParameterizedTest
  @ValueSource(ints = {128, 256, 512})
  void bytesBecomeTheNearestFloatsOfTheirShares(int bits) {
    Kernels vector = KernelWidths.vector(bits);
    byte[] bytes = new byte[300];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) i;
    }
    for (Kernels kernels : List.of(scalar, vector)) {
      for (int count : new int[] {1, 7, 8, 31, 32, 33, 256, 290}) {
        Panels x = Panels.allocate(3, count);
        Panels expected = Panels.allocate(3, count);
        for (int i = 0; i < count; i++) {
          expected.set(1, i, ((5 + i) & 0xff) / 255f);
        }
        kernels.elements().unit(bytes, 5, x, 1);
        Bits.assertSame(count + " bytes by " + kernels.name(), x.data(), expected.data());
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {128, 256, 512})
  void squares(int bits) {
    Kernels vector = KernelWidths.vector(bits);
    for (Values values : Values.values()) {
      for (int rows = 0; rows < 200; rows++) {
        int offset = random.nextInt(50);
        float[] a = values.array(offset + rows * Panels.WIDTH, random);
        Bits.assertSame(
            rows + " rows of " + values,
            vector.elements().squares(0.25, a, offset, rows, new float[Panels.WIDTH]),
            scalar.elements().squares(0.25, a, offset, rows, new float[Panels.WIDTH]));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {128, 256, 512})
  void boundColumns(int bits) {
    Kernels vector = KernelWidths.vector(bits);
    for (Values values : Values.values()) {
      for (int rows = 0; rows < 200; rows += 7) {
        int offset = random.nextInt(50);
        float[] a = values.array(offset + rows * Panels.WIDTH, random);
        for (float bound : new float[] {1e-6f, 1f, 1e6f}) {
          float[] expected = a.clone();
          float[] actual = a.clone();
          double[] columns = new double[Panels.WIDTH];
          scalar.elements().boundColumns(expected, offset, rows, bound, columns);
          vector.elements().boundColumns(actual, offset, rows, bound, columns);
          Bits.assertSame(rows + " rows of " + values, actual, expected);
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {128, 256, 512})
  void countBetween(int bits) {
    Kernels vector = KernelWidths.vector(bits);
    for (Values values : Values.values()) {
      for (int rows = 0; rows < 70; rows += 3) {
        int offset = random.nextInt(50);
        int columns = random.nextInt(1, Panels.WIDTH + 1);
        float[] a = values.array(offset + rows * Panels.WIDTH, random);
        int[] expected = random.ints(columns + 5, 0, 9).toArray();
        int[] actual = expected.clone();
        float low = random.nextFloat(-1f, 0.5f);
        scalar.elements().countBetween(a, offset, rows, low, 0.6f, expected, 3, columns);
        vector.elements().countBetween(a, offset, rows, low, 0.6f, actual, 3, columns);
        assertThat(actual).as("%s rows of %s", rows, values).isEqualTo(expected);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {128, 256, 512})
  void flush(int bits) {
    assertSameInPlace(bits, (kernels, y, dy, from, to) -> kernels.flush(y, from, to));
    Kernels vector = KernelWidths.vector(bits);
    float[] finite = new float[80];
    Arrays.fill(finite, -Float.MAX_VALUE);
    for (int from = 0; from < 20; from++) {
      for (int to = from; to < finite.length; to++) {
        assertThat(vector.elements().flush(finite, from, to)).isTrue();
        for (float bad :
            new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
          float[] a = finite.clone();
          int at = random.nextInt(a.length);
          a[at] = bad;
          assertThat(vector.elements().flush(a, from, to))
              .as("%s at %s in [%s, %s)", bad, at, from, to)
              .isEqualTo(at < from || at >= to);
        }
      }
    }
  }

  private record Size(int rows, int inputs, int outputs) {}

  /** A prime, so that pieces of the pool fall differently into every matrix. */
  private static final int POOL = 65_537;

  private final Map<Values, float[]> pools = new EnumMap<>(Values.class);

  /** Like {@link Values#matrix}, from numbers drawn once: for many large matrices. */
  private Panels pooled(Values values, int rows, int columns) {
    int offset = random.nextInt(1, 40);
    float[] data = new float[offset + (int) Panels.size(rows, columns) + 5];
    float[] pool = pools.computeIfAbsent(values, v -> v.array(POOL, random));
    for (int at = 0, from = random.nextInt(POOL); at < data.length; from = 0) {
      int count = Math.min(data.length - at, POOL - from);
      System.arraycopy(pool, from, data, at, count);
      at += count;
    }
    return new Panels(data, offset, rows, columns);
  }

  private float[] shuffled(float[] values) {
    for (int i = values.length - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      float swapped = values[i];
      values[i] = values[j];
      values[j] = swapped;
    }
    return values;
  }
}
