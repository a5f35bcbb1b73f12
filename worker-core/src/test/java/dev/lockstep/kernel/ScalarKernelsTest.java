package dev.lockstep.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.fixture.Bits;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The scalar kernels against the definitions, in bits. */
class ScalarKernelsTest {
  private static final int[] SIZES = {1, 4, 6, 13, 31, 32, 33, 65};

  private final Kernels kernels = Kernels.SCALAR;
  private final SplittableRandom random = new SplittableRandom(1);

  @ParameterizedTest
  @EnumSource
  void affineIsOneChainFromTheBias(Values values) {
    for (int rows : new int[] {1, 3, 8}) {
      for (int inputs : SIZES) {
        for (int outputs : SIZES) {
          Panels x = values.matrix(rows + 2, inputs, random);
          Panels w = values.matrix(inputs + 1, outputs, random);
          Panels y = values.matrix(rows + 1, outputs, random);
          Panels expected = copy(y);
          for (int r = 0; r < rows; r++) {
            for (int o = 0; o < Panels.count(outputs) * Panels.WIDTH; o++) {
              float chain = w.get(inputs, o);
              for (int i = 0; i < inputs; i++) {
                chain = Math.fma(x.get(r, i), w.get(i, o), chain);
              }
              expected.set(r, o, chain);
            }
          }
          kernels.matrix().affine(rows, x, w, y);
          Bits.assertSame(rows + " x " + inputs + " x " + outputs, y.data(), expected.data());
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void productIsOneChainFromZero(Values values) {
    for (int rows : new int[] {1, 3, 8}) {
      for (int inputs : SIZES) {
        for (int outputs : SIZES) {
          Panels x = values.matrix(rows + 2, inputs, random);
          Panels a = values.matrix(inputs, outputs, random);
          Panels y = values.matrix(rows + 1, outputs, random);
          Panels expected = copy(y);
          for (int r = 0; r < rows; r++) {
            for (int o = 0; o < Panels.count(outputs) * Panels.WIDTH; o++) {
              float chain = 0f;
              for (int i = 0; i < inputs; i++) {
                chain = Math.fma(x.get(r, i), a.get(i, o), chain);
              }
              expected.set(r, o, chain);
            }
          }
          kernels.matrix().product(rows, x, a, y);
          Bits.assertSame(rows + " x " + inputs + " x " + outputs, y.data(), expected.data());
        }
      }
    }
  }

  @Test
  void transposeLeavesTheBiasOutAndPadsWithZero() {
    for (int inputs : SIZES) {
      for (int outputs : SIZES) {
        Panels w = Values.ORDINARY.matrix(inputs + 1, outputs, random);
        Panels t = Values.ORDINARY.matrix(outputs, inputs, random);
        Panels expected = copy(t);
        for (int o = 0; o < outputs; o++) {
          for (int i = 0; i < Panels.count(inputs) * Panels.WIDTH; i++) {
            expected.set(o, i, i < inputs ? w.get(i, o) : 0f);
          }
        }
        kernels.matrix().transpose(w, t);
        Bits.assertSame(inputs + " x " + outputs, t.data(), expected.data());
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void weightGradientIsAChainForEachShardMergedAlongTheTree(Values values) {
    for (int most : new int[] {1, 2, 5, 20}) {
      for (int inputs : SIZES) {
        for (int outputs : new int[] {1, 13, 33}) {
          SumProgram program = SumProgram.random(random.nextInt(1, 40), most, random);
          Panels x = values.matrix(program.rows(), inputs, random);
          Panels dy = values.matrix(program.rows() + 1, outputs, random);
          Panels dw = values.matrix(inputs + 1, outputs, random);
          Panels expected = copy(dw);
          for (int i = 0; i <= inputs; i++) {
            for (int o = 0; o < Panels.count(outputs) * Panels.WIDTH; o++) {
              expected.set(i, o, weightGradient(program, x, i, dy, o));
            }
          }
          RowSegments segments = program.segments();
          kernels.matrix().weightGradient(segments, x, dy, dw, stack(segments));
          Bits.assertSame(program, dw.data(), expected.data());
        }
      }
    }
  }

  private static float weightGradient(SumProgram program, Panels x, int i, Panels dy, int o) {
    return program.sum(
        (from, to) -> {
          float chain = 0f;
          for (int r = from; r < to; r++) {
            chain = Math.fma(i == x.columns() ? 1f : x.get(r, i), dy.get(r, o), chain);
          }
          return chain;
        });
  }

  @ParameterizedTest
  @EnumSource
  void aLargeShardInBlocksIsOneChain(Values values) {
    int rows = 397;
    Panels x = values.matrix(rows, 13, random);
    Panels dy = values.matrix(rows, 33, random);
    Panels whole = values.matrix(14, 33, random);
    Panels blocks = copy(whole);
    RowSegments all = RowSegments.single(rows, false);
    kernels.matrix().weightGradient(all, x, dy, whole, stack(all));
    for (int start = 0, count; start < rows; start += count) {
      count = Math.min(rows - start, random.nextInt(1, 200));
      RowSegments part = RowSegments.single(count, start > 0);
      Panels xPart = rows(x, start, count);
      kernels.matrix().weightGradient(part, xPart, rows(dy, start, count), blocks, stack(part));
    }
    Bits.assertSame("blocks of a shard of 397 rows", blocks.data(), whole.data());
  }

  @Test
  void activationsFollowTheirFormulas() {
    float[] x = concat(specials(), Values.ORDINARY.array(100, random));
    float[] dx = Values.ORDINARY.array(x.length, random);
    for (int i = 0; i < x.length; i++) {
      int at = i;
      float v = x[i];
      float d = dx[i];
      Bits.assertSame(
          "relu " + v, apply(x, at, kernels.elements()::relu), v > 0 ? v : Float.isNaN(v) ? v : 0f);
      Bits.assertSame(
          "sigmoid " + v, apply(x, at, kernels.elements()::sigmoid), FloatMath.sigmoid(v));
      Bits.assertSame("tanh " + v, apply(x, at, kernels.elements()::tanh), FloatMath.tanh(v));
      Bits.assertSame(
          "exp " + v,
          gradient(x, dx, at, (y, yo, e, eo, n) -> kernels.elements().exp(y, yo, 2f, e, eo, n)),
          FloatMath.exp(v - 2f));
      Bits.assertSame(
          "quotient " + v,
          apply(x, at, (y, from, to) -> kernels.elements().divide(y, from, to, 3f)),
          v / 3f);
      Bits.assertSame(
          "relu' " + v, gradient(x, dx, at, kernels.elements()::reluGradient), v > 0 ? d : 0f);
      Bits.assertSame(
          "sigmoid' " + v,
          gradient(x, dx, at, kernels.elements()::sigmoidGradient),
          d * (v * (1 - v)));
      Bits.assertSame(
          "tanh' " + v,
          gradient(x, dx, at, kernels.elements()::tanhGradient),
          d * Math.fma(-v, v, 1f));
      Bits.assertSame(
          "threshold " + v,
          apply(x, at, (y, from, to) -> kernels.elements().threshold(y, from, to, 0.5f)),
          Float.isNaN(v) ? v : v > 0.5f ? 1f : 0f);
      Bits.assertSame(
          "leaky relu " + v,
          apply(x, at, (y, from, to) -> kernels.elements().leakyRelu(y, from, to, 0.1f)),
          v > 0 ? v : 0.1f * v);
      Bits.assertSame(
          "leaky relu' " + v,
          gradient(
              x,
              dx,
              at,
              (y, yo, e, eo, n) -> kernels.elements().leakyReluGradient(y, yo, e, eo, n, 0.1f)),
          v > 0 ? d : 0.1f * d);
      Bits.assertSame(
          "elu " + v,
          apply(x, at, (y, from, to) -> kernels.elements().elu(y, from, to, 1.5f, 2f)),
          v > 0 ? 2f * v : 1.5f * FloatMath.expm1(v));
      Bits.assertSame(
          "elu' " + v,
          gradient(
              x,
              dx,
              at,
              (y, yo, e, eo, n) -> kernels.elements().eluGradient(y, yo, e, eo, n, 1.5f, 2f)),
          d * (v > 0 ? 2f : v + 1.5f));
      Bits.assertSame(
          "softplus' " + v,
          gradient(x, dx, at, kernels.elements()::softplusGradient),
          d * -FloatMath.expm1(-v));
      Bits.assertSame("product " + v, gradient(dx, x, at, kernels.elements()::multiply), v * d);
    }
  }

  @ParameterizedTest
  @EnumSource
  void columnSumsAreAChainForEachShardMergedAlongTheTree(Values values) {
    for (int most : new int[] {1, 5, 20}) {
      for (int columns : SIZES) {
        SumProgram program = SumProgram.random(random.nextInt(1, 40), most, random);
        Panels a = values.matrix(program.rows() + 1, columns, random);
        Panels sums = values.matrix(3, columns, random);
        Panels expected = copy(sums);
        for (int o = 0; o < Panels.count(columns) * Panels.WIDTH; o++) {
          int column = o;
          float sum =
              program.sum(
                  (from, to) -> {
                    float chain = 0f;
                    for (int r = from; r < to; r++) {
                      chain += a.get(r, column);
                    }
                    return chain;
                  });
          expected.set(1, o, sum);
        }
        RowSegments segments = program.segments();
        kernels.matrix().columnSums(segments, a, sums, 1, stack(segments));
        Bits.assertSame(program, sums.data(), expected.data());
      }
    }
  }

  /** Columns of norm 5, 10 and 13, of which the bound lets only the first be. */
  @Test
  void boundColumnsShrinksThoseThatAreTooLong() {
    float[] a = new float[7 + 2 * Panels.WIDTH];
    float[][] columns = {{3, 4}, {-6, 8}, {5, -12}};
    for (int c = 0; c < columns.length; c++) {
      a[7 + c] = columns[c][0];
      a[7 + Panels.WIDTH + c] = columns[c][1];
    }
    kernels.elements().boundColumns(a, 7, 2, 6.5f, new double[Panels.WIDTH]);
    assertThat(Arrays.copyOfRange(a, 7, 10)).containsExactly(3, -6 * 0.65f, 2.5f);
    assertThat(Arrays.copyOfRange(a, 7 + Panels.WIDTH, 10 + Panels.WIDTH))
        .containsExactly(4, 8 * 0.65f, -6f);
  }

  @Test
  void countBetweenLeavesTheBoundsOut() {
    float[] a = new float[2 * Panels.WIDTH];
    Arrays.fill(a, 0, Panels.WIDTH, 0.5f);
    a[1] = 0;
    a[2] = 1;
    a[3] = Float.NaN;
    a[Panels.WIDTH] = 0.9f;
    int[] counts = new int[6];
    kernels.elements().countBetween(a, 0, 2, 0f, 1f, counts, 1, 5);
    assertThat(counts).containsExactly(0, 2, 0, 0, 0, 1);
  }

  @ParameterizedTest
  @EnumSource
  void squaresAddsColumnChainsOfBlocksInOrder(Values values) {
    for (int rows : new int[] {0, 1, 63, 64, 65, 200}) {
      float[] a = values.array(3 + rows * Panels.WIDTH, random);
      double expected = 0;
      for (int block = 0; block < rows; block += ElementKernels.SQUARES_BLOCK) {
        for (int c = 0; c < Panels.WIDTH; c++) {
          float chain = 0f;
          for (int r = block; r < Math.min(rows, block + ElementKernels.SQUARES_BLOCK); r++) {
            float v = a[3 + r * Panels.WIDTH + c];
            chain = Math.fma(v, v, chain);
          }
          expected += chain;
        }
      }
      Bits.assertSame(
          rows + " rows",
          kernels.elements().squares(0, a, 3, rows, new float[Panels.WIDTH]),
          expected);
    }
  }

  @Test
  void flushSeesOneBadFloatAnywhereInTheRangeAndNoneOutside() {
    for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
      for (int at = 0; at < 40; at++) {
        float[] a = new float[40];
        Arrays.fill(a, Float.MAX_VALUE);
        a[at] = bad;
        assertThat(kernels.elements().flush(a, 3, 36))
            .as("%s at %s", bad, at)
            .isEqualTo(at < 3 || at >= 36);
      }
    }
  }

  @Test
  void flushLeavesNormalNumbersAndClearsSmallerOnes() {
    float[] a = {
      Float.MIN_NORMAL,
      -Float.MIN_NORMAL,
      1f,
      -0f,
      Float.MIN_VALUE,
      -Float.MIN_VALUE,
      Math.nextDown(Float.MIN_NORMAL),
      Float.NaN,
      Float.MIN_VALUE
    };
    assertThat(kernels.elements().flush(a, 0, 8)).isFalse();
    Bits.assertSame(
        "flushed",
        a,
        new float[] {
          Float.MIN_NORMAL, -Float.MIN_NORMAL, 1f, 0f, 0f, 0f, 0f, Float.NaN, Float.MIN_VALUE
        });
  }

  private interface InPlace {
    void apply(float[] y, int from, int to);
  }

  private interface InPlaceGradient {
    void apply(float[] y, int yo, float[] dy, int dyo, int count);
  }

  /** What a kernel makes of one element; it must leave the others alone. */
  private static float apply(float[] x, int at, InPlace kernel) {
    float[] y = x.clone();
    kernel.apply(y, at, at + 1);
    float result = y[at];
    y[at] = x[at];
    Bits.assertSame("outside the range", y, x);
    return result;
  }

  private static float gradient(float[] y, float[] dx, int at, InPlaceGradient kernel) {
    float[] shifted = concat(new float[] {0f}, y);
    return apply(dx, at, (dy, from, to) -> kernel.apply(shifted, from + 1, dy, from, to - from));
  }

  static float[] specials() {
    return new float[] {
      0f,
      -0f,
      Float.MIN_VALUE,
      -Float.MIN_VALUE,
      Float.MIN_NORMAL,
      -Float.MIN_NORMAL,
      1f,
      -1f,
      89f,
      -89f,
      -104f,
      -105f,
      1e10f,
      -1e10f,
      Float.MAX_VALUE,
      -Float.MAX_VALUE,
      Float.POSITIVE_INFINITY,
      Float.NEGATIVE_INFINITY,
      Float.NaN
    };
  }

  static float[] concat(float[] a, float[] b) {
    float[] both = Arrays.copyOf(a, a.length + b.length);
    System.arraycopy(b, 0, both, a.length, b.length);
    return both;
  }

  static Panels copy(Panels a) {
    return new Panels(a.data().clone(), a.offset(), a.rows(), a.columns());
  }

  static Panels stack(RowSegments segments) {
    return Panels.allocate(MatrixKernels.stackRows(segments.depth()), Panels.WIDTH);
  }

  /** A copy of some rows. */
  private static Panels rows(Panels a, int start, int count) {
    Panels part = Panels.allocate(count, a.columns());
    for (int r = 0; r < count; r++) {
      for (int c = 0; c < a.count() * Panels.WIDTH; c++) {
        part.set(r, c, a.get(start + r, c));
      }
    }
    return part;
  }
}
