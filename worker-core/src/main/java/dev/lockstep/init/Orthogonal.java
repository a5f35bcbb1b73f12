package dev.lockstep.init;

import dev.lockstep.setting.Range;
import dev.lockstep.setting.Setting;
import dev.lockstep.setting.Settings;
import java.util.List;

/**
 * A random matrix with orthogonal columns, or rows where these are fewer, each of length gain
 * (Saxe, McClelland and Ganguli 2014, "Exact solutions to the nonlinear dynamics of learning in
 * deep linear neural networks", section 3): it changes no length, so signals neither fade nor grow
 * through any depth of linear layers.
 *
 * <p>It is the Q of the factors Q R of a matrix of standard normal numbers whose diagonal of R is
 * above 0, of which there is one. All is done in double by Householder's reflections (Golub and Van
 * Loan, "Matrix Computations", algorithms 5.2.1 and 5.1.5), in an order that is fixed. With n the
 * lesser and m the greater of I and O this takes 4 n^2 m operations: a second for 1000 x 1000.
 *
 * @param gain 0 or more
 */
public record Orthogonal(double gain) implements InitScheme {
  private static final Setting<Double> GAIN =
      Setting.number("gain", 1, Range.NOT_NEGATIVE, "the length of each row or column");

  @Override
  public float[] weights(int in, int out, int tensor, long seed) {
    int m = Math.max(in, out);
    int n = Math.min(in, out);
    float[] values = Draws.normal(in, out, tensor, seed, 1);
    double[][] a = new double[m][n];
    for (int o = 0; o < out; o++) {
      for (int i = 0; i < in; i++) {
        a[in < out ? o : i][in < out ? i : o] = values[o * in + i];
      }
    }
    double[][] q = orthonormal(a);
    for (int o = 0; o < out; o++) {
      for (int i = 0; i < in; i++) {
        values[o * in + i] = (float) (gain * q[in < out ? o : i][in < out ? i : o]);
      }
    }
    return values;
  }

  /** Q[m,n] of a[m,n], which is overwritten; m is at least n. */
  private static double[][] orthonormal(double[][] a) {
    int m = a.length;
    int n = a[0].length;
    double[][] normals = new double[n][];
    double[] signs = new double[n];
    for (int k = 0; k < n; k++) {
      double[] v = new double[m];
      double squares = 0;
      for (int i = k; i < m; i++) {
        v[i] = a[i][k];
        squares = Math.fma(v[i], v[i], squares);
      }
      // The reflection that takes the column to the far side: nothing cancels.
      signs[k] = v[k] > 0 ? -1 : 1;
      double old = v[k];
      v[k] -= signs[k] * Math.sqrt(squares);
      scaleToReflect(v, k, squares - old * old + v[k] * v[k]);
      normals[k] = v;
      reflect(v, k, a, k);
    }
    double[][] q = new double[m][n];
    for (int k = n - 1; k >= 0; k--) {
      q[k][k] = signs[k];
      reflect(normals[k], k, q, k);
    }
    return q;
  }

  /** Makes v, of which the square of the length is known, a normal of length sqrt(2). */
  private static void scaleToReflect(double[] v, int from, double squares) {
    if (squares > 0) {
      double factor = Math.sqrt(2 / squares);
      for (int i = from; i < v.length; i++) {
        v[i] *= factor;
      }
    }
  }

  /** {@code a = (1 - v v^T) a} from a row and a column on; sums run over rows, in order. */
  private static void reflect(double[] v, int fromRow, double[][] a, int fromColumn) {
    double[] sums = new double[a[0].length];
    for (int i = fromRow; i < a.length; i++) {
      double[] row = a[i];
      double factor = v[i];
      for (int j = fromColumn; j < row.length; j++) {
        sums[j] = Math.fma(factor, row[j], sums[j]);
      }
    }
    for (int i = fromRow; i < a.length; i++) {
      double[] row = a[i];
      double factor = -v[i];
      for (int j = fromColumn; j < row.length; j++) {
        row[j] = Math.fma(factor, sums[j], row[j]);
      }
    }
  }

  /** {@code orthogonal}. */
  public record Kind() implements InitKind {
    @Override
    public String name() {
      return "orthogonal";
    }

    @Override
    public String meaning() {
      return "random with orthogonal rows or columns of length gain";
    }

    @Override
    public List<Setting<?>> settings() {
      return List.of(GAIN);
    }

    @Override
    public InitScheme create(Settings settings) {
      return new Orthogonal(settings.get(GAIN));
    }
  }
}
