package dev.lockstep.bench;

import dev.lockstep.engine.Training;
import dev.lockstep.kernel.ElementKernels;
import dev.lockstep.kernel.Kernels;
import dev.lockstep.kernel.MatrixKernels;
import dev.lockstep.kernel.Panels;
import dev.lockstep.kernel.RowSegments;
import dev.lockstep.loss.Loss;
import dev.lockstep.loss.Targets;
import dev.lockstep.optimizer.Optimizer;
import dev.lockstep.random.Purpose;
import dev.lockstep.schedule.Schedule;
import java.util.List;

/** The arithmetic of training with a {@link Stopwatch} around every call. */
final class Timed {
  static final String ACTIVATION = "activation";
  static final String ACTIVATION_GRADIENT = "activation gradient";
  static final String MASK = "random masks";
  static final String LOSS = "loss";
  static final String COUNTS = "counts of units";
  static final String NORM = "norm";
  static final String CHECKS = "finite checks";
  static final String UPDATE = "update";

  /** The schedule is asked between the sums of a step and their use. */
  static final String RATE = "rate";

  private Timed() {}

  /** The name of a product's phase. */
  static String name(Direction direction, int inputs, int outputs) {
    return "%s %dx%d".formatted(direction, inputs, outputs);
  }

  static Kernels kernels(Kernels kernels, Stopwatch watch) {
    return new Kernels(
        kernels.name(),
        new TimedMatrix(kernels.matrix(), watch),
        new TimedElements(kernels.elements(), watch));
  }

  static Training training(Training training, Stopwatch watch) {
    return new Training(
        training.network(),
        new TimedLoss(training.loss(), watch),
        new TimedOptimizer(training.update().optimizer(), watch),
        new TimedSchedule(training.update().schedule(), watch),
        training.plan());
  }

  private record TimedMatrix(MatrixKernels kernels, Stopwatch watch) implements MatrixKernels {
    @Override
    public void affine(int rows, Panels x, Panels w, Panels y) {
      watch.time(
          name(Direction.FORWARD, x.columns(), y.columns()), () -> kernels.affine(rows, x, w, y));
    }

    @Override
    public void product(int rows, Panels x, Panels a, Panels y) {
      watch.time(
          name(Direction.INPUT_GRADIENT, y.columns(), x.columns()),
          () -> kernels.product(rows, x, a, y));
    }

    @Override
    public void transpose(Panels w, Panels t) {
      watch.time(name(Direction.TRANSPOSE, t.columns(), t.rows()), () -> kernels.transpose(w, t));
    }

    @Override
    public void weightGradient(RowSegments rows, Panels x, Panels dy, Panels dw, Panels stack) {
      watch.time(
          name(Direction.WEIGHT_GRADIENT, x.columns(), dy.columns()),
          () -> kernels.weightGradient(rows, x, dy, dw, stack));
    }

    @Override
    public void columnSums(RowSegments rows, Panels a, Panels sums, int row, Panels stack) {
      watch.time(ACTIVATION_GRADIENT, () -> kernels.columnSums(rows, a, sums, row, stack));
    }
  }

  private record TimedElements(ElementKernels kernels, Stopwatch watch) implements ElementKernels {
    @Override
    public void relu(float[] y, int from, int to) {
      watch.time(ACTIVATION, () -> kernels.relu(y, from, to));
    }

    @Override
    public void reluGradient(float[] y, int yo, float[] dy, int dyo, int count) {
      watch.time(ACTIVATION_GRADIENT, () -> kernels.reluGradient(y, yo, dy, dyo, count));
    }

    @Override
    public void sigmoid(float[] y, int from, int to) {
      watch.time(ACTIVATION, () -> kernels.sigmoid(y, from, to));
    }

    @Override
    public void sigmoidGradient(float[] y, int yo, float[] dy, int dyo, int count) {
      watch.time(ACTIVATION_GRADIENT, () -> kernels.sigmoidGradient(y, yo, dy, dyo, count));
    }

    @Override
    public void tanh(float[] y, int from, int to) {
      watch.time(ACTIVATION, () -> kernels.tanh(y, from, to));
    }

    @Override
    public void tanhGradient(float[] y, int yo, float[] dy, int dyo, int count) {
      watch.time(ACTIVATION_GRADIENT, () -> kernels.tanhGradient(y, yo, dy, dyo, count));
    }

    @Override
    public void threshold(float[] y, int from, int to, float threshold) {
      watch.time(ACTIVATION, () -> kernels.threshold(y, from, to, threshold));
    }

    @Override
    public void leakyRelu(float[] y, int from, int to, float slope) {
      watch.time(ACTIVATION, () -> kernels.leakyRelu(y, from, to, slope));
    }

    @Override
    public void leakyReluGradient(float[] y, int yo, float[] dy, int dyo, int count, float slope) {
      watch.time(
          ACTIVATION_GRADIENT, () -> kernels.leakyReluGradient(y, yo, dy, dyo, count, slope));
    }

    @Override
    public void elu(float[] y, int from, int to, float alpha, float scale) {
      watch.time(ACTIVATION, () -> kernels.elu(y, from, to, alpha, scale));
    }

    @Override
    public void eluGradient(
        float[] y, int yo, float[] dy, int dyo, int count, float alpha, float scale) {
      watch.time(
          ACTIVATION_GRADIENT, () -> kernels.eluGradient(y, yo, dy, dyo, count, alpha, scale));
    }

    @Override
    public void softplus(float[] y, int from, int to) {
      watch.time(ACTIVATION, () -> kernels.softplus(y, from, to));
    }

    @Override
    public void softplusGradient(float[] y, int yo, float[] dy, int dyo, int count) {
      watch.time(ACTIVATION_GRADIENT, () -> kernels.softplusGradient(y, yo, dy, dyo, count));
    }

    @Override
    public void gelu(float[] y, int from, int to) {
      watch.time(ACTIVATION, () -> kernels.gelu(y, from, to));
    }

    @Override
    public void geluGradient(float[] x, int xo, float[] dy, int dyo, int count) {
      watch.time(ACTIVATION_GRADIENT, () -> kernels.geluGradient(x, xo, dy, dyo, count));
    }

    @Override
    public void geluTanh(float[] y, int from, int to) {
      watch.time(ACTIVATION, () -> kernels.geluTanh(y, from, to));
    }

    @Override
    public void geluTanhGradient(float[] x, int xo, float[] dy, int dyo, int count) {
      watch.time(ACTIVATION_GRADIENT, () -> kernels.geluTanhGradient(x, xo, dy, dyo, count));
    }

    @Override
    public void silu(float[] y, int from, int to) {
      watch.time(ACTIVATION, () -> kernels.silu(y, from, to));
    }

    @Override
    public void siluGradient(float[] x, int xo, float[] dy, int dyo, int count) {
      watch.time(ACTIVATION_GRADIENT, () -> kernels.siluGradient(x, xo, dy, dyo, count));
    }

    @Override
    public void prelu(float[] x, int xo, int rows, float[] slopes, int so, float[] y, int yo) {
      watch.time(ACTIVATION, () -> kernels.prelu(x, xo, rows, slopes, so, y, yo));
    }

    @Override
    public void preluGradient(
        float[] x,
        int xo,
        int rows,
        float[] slopes,
        int so,
        float[] dy,
        int dyo,
        float[] products,
        int po) {
      watch.time(
          ACTIVATION_GRADIENT,
          () -> kernels.preluGradient(x, xo, rows, slopes, so, dy, dyo, products, po));
    }

    @Override
    public void larger(
        float[] x,
        int xo,
        int rows,
        int columns,
        float piece,
        float[] y,
        int yo,
        float[] winners,
        int wo) {
      watch.time(ACTIVATION, () -> kernels.larger(x, xo, rows, columns, piece, y, yo, winners, wo));
    }

    @Override
    public void route(
        float[] dy,
        int dyo,
        int rows,
        int columns,
        float piece,
        float[] winners,
        int wo,
        float[] dx,
        int xo) {
      watch.time(
          ACTIVATION_GRADIENT,
          () -> kernels.route(dy, dyo, rows, columns, piece, winners, wo, dx, xo));
    }

    @Override
    public void multiply(float[] a, int ao, float[] y, int yo, int count) {
      watch.time(MASK, () -> kernels.multiply(a, ao, y, yo, count));
    }

    @Override
    public void randomWords(long seed, Purpose purpose, int a, int b, int c, int[] words) {
      watch.time(MASK, () -> kernels.randomWords(seed, purpose, a, b, c, words));
    }

    @Override
    public void mask(int[] words, int limit, float kept, float[] mask, int to) {
      watch.time(MASK, () -> kernels.mask(words, limit, kept, mask, to));
    }

    @Override
    public void exp(float[] x, int xo, float shift, float[] y, int yo, int count) {
      kernels.exp(x, xo, shift, y, yo, count);
    }

    @Override
    public void divide(float[] y, int from, int to, float divisor) {
      kernels.divide(y, from, to, divisor);
    }

    @Override
    public void unit(byte[] b, int from, Panels x, int row) {
      kernels.unit(b, from, x, row);
    }

    @Override
    public double squares(double start, float[] a, int offset, int rows, float[] chains) {
      double[] sum = new double[1];
      watch.time(NORM, () -> sum[0] = kernels.squares(start, a, offset, rows, chains));
      return sum[0];
    }

    @Override
    public void boundColumns(float[] a, int offset, int rows, float bound, double[] columns) {
      watch.time(UPDATE, () -> kernels.boundColumns(a, offset, rows, bound, columns));
    }

    @Override
    public void countBetween(
        float[] a, int offset, int rows, float low, float high, int[] counts, int at, int columns) {
      watch.time(
          COUNTS, () -> kernels.countBetween(a, offset, rows, low, high, counts, at, columns));
    }

    @Override
    public boolean flush(float[] a, int from, int to) {
      boolean[] finite = new boolean[1];
      watch.time(CHECKS, () -> finite[0] = kernels.flush(a, from, to));
      return finite[0];
    }
  }

  private record TimedLoss(Loss loss, Stopwatch watch) implements Loss {
    @Override
    public String name() {
      return loss.name();
    }

    @Override
    public void lossAndGradient(
        Kernels kernels, int rows, Panels y, Targets targets, float[] losses, Panels dy) {
      watch.time(LOSS, () -> loss.lossAndGradient(kernels, rows, y, targets, losses, dy));
    }

    @Override
    public List<Double> classWeights() {
      return loss.classWeights();
    }

    @Override
    public double exact(double[] y, double[] target) {
      return loss.exact(y, target);
    }
  }

  private record TimedOptimizer(Optimizer optimizer, Stopwatch watch) implements Optimizer {
    @Override
    public List<String> slots() {
      return optimizer.slots();
    }

    @Override
    public void update(
        long t, float rate, float[] p, float[] g, float[][] slots, int from, int to) {
      watch.time(UPDATE, () -> optimizer.update(t, rate, p, g, slots, from, to));
    }
  }

  private record TimedSchedule(Schedule schedule, Stopwatch watch) implements Schedule {
    @Override
    public double rate(long step) {
      double[] rate = new double[1];
      watch.time(RATE, () -> rate[0] = schedule.rate(step));
      return rate[0];
    }
  }
}
