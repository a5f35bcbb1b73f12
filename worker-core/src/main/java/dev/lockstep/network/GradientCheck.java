package dev.lockstep.network;

import dev.lockstep.kernel.Kernels;
import dev.lockstep.kernel.Panels;
import dev.lockstep.layer.Rows;
import dev.lockstep.layer.TensorShape;
import dev.lockstep.loss.Loss;
import dev.lockstep.loss.Targets;
import dev.lockstep.random.Permutation;
import dev.lockstep.random.Purpose;
import java.util.ArrayList;
import java.util.List;

/**
 * Compares the gradient that training computes in float with central differences of the formulas in
 * double, {@code (L(w + h) - L(w - h)) / 2h}.
 *
 * <p>A parameter has no such difference where the loss has a kink within h, as that of a relu whose
 * input is nearly 0: the slopes to either side then differ, and go on to differ when h shrinks.
 * Such parameters are counted and left out.
 *
 * @param network the layers
 * @param loss what is differentiated: the sum of its losses, without weights of examples
 * @param kernels the arithmetic that is checked
 */
public record GradientCheck(Network network, Loss loss, Kernels kernels) {
  /** A gradient is wrong if it misses by more than this part of the tensor's largest element. */
  public static final double BOUND = 1e-3;

  private static final double STEP = 1e-5;
  private static final double SMALLEST_STEP = 1e-7;

  /** Slopes to either side may differ by this part of the tensor's largest element. */
  private static final double BEND = 1e-4;

  /**
   * The most that a slope changes by where there is no kink, as a part of the loss and the step.
   */
  private static final double CURVATURE = 100;

  /** Gradients are judged as if the largest were at least this part of the loss: floats round. */
  private static final double LEAST = 1e-4;

  /**
   * How a tensor's gradient compares.
   *
   * @param name of the tensor
   * @param size its elements
   * @param checked how many of them were compared
   * @param atKinks how many were left out
   * @param error the largest difference, as a part of the largest element
   * @param worst the element that it was found at, in the order of files
   * @param computed its gradient as training computes it
   * @param expected its central difference
   */
  public record Tensor(
      String name,
      int size,
      int checked,
      int atKinks,
      double error,
      int worst,
      double computed,
      double expected) {
    /** Whether the gradient is right, as far as it was looked at. */
    public boolean isRight() {
      return error <= BOUND;
    }
  }

  /**
   * Compares every tensor.
   *
   * @param parameters in panel order
   * @param x the rows to differentiate at, x[B,I]
   * @param targets of the rows
   * @param rows with the runs to sum
   * @param sample how many elements of a tensor to look at; all if it has no more
   * @param seed which ones
   */
  public List<Tensor> check(
      float[] parameters, Panels x, Targets targets, Rows rows, int sample, long seed) {
    float[] gradient = gradient(parameters, x, targets, rows);
    ExactNetwork exact = new ExactNetwork(network, loss, parameters, x, targets, rows);
    List<Tensor> tensors = new ArrayList<>();
    for (ParameterTensor tensor : network.layout().tensors()) {
      Permutation order =
          Permutation.of(tensor.size(), seed, Purpose.GRADIENT_CHECK, tensors.size(), 0);
      int count = Math.min(sample, tensor.size());
      int[] elements = new int[count];
      for (int i = 0; i < count; i++) {
        elements[i] = (int) (count == tensor.size() ? i : order.apply(i));
      }
      tensors.add(compare(tensor, elements, tensor.toFileOrder(gradient), exact));
    }
    return tensors;
  }

  /** The gradient as training computes it, in panel order. */
  private float[] gradient(float[] parameters, Panels x, Targets targets, Rows rows) {
    Workspace work = new Workspace(network, rows.count());
    for (int r = 0; r < rows.count(); r++) {
      for (int i = 0; i < network.inputs(); i++) {
        work.x().set(r, i, x.get(r, i));
      }
    }
    float[] gradient = new float[parameters.length];
    network.forward(kernels, rows, parameters, work);
    loss.lossAndGradient(
        kernels, rows.count(), work.y(), targets, new float[rows.count()], work.dy());
    network.transpose(kernels, parameters, work);
    network.backward(kernels, rows, parameters, gradient, work);
    return gradient;
  }

  private Tensor compare(
      ParameterTensor tensor, int[] elements, float[] gradient, ExactNetwork exact) {
    int layer = network.layout().layerOf(tensor);
    double base = exact.loss();
    Slopes[] slopes = new Slopes[elements.length];
    double size = Math.max(1, Math.abs(base));
    double largest = LEAST * size;
    for (int i = 0; i < elements.length; i++) {
      slopes[i] = slopes(tensor, elements[i], layer, exact, base, STEP);
      largest = Math.max(largest, Math.abs(slopes[i].middle()));
    }
    int checked = 0;
    int worst = 0;
    double error = 0;
    for (int i = 0; i < elements.length; i++) {
      double step = STEP;
      while (slopes[i].bend() > BEND * largest && step > 1.5 * SMALLEST_STEP) {
        step /= 10;
        slopes[i] = slopes(tensor, elements[i], layer, exact, base, step);
      }
      double smooth = step == STEP ? 0 : CURVATURE * step * size;
      if (slopes[i].bend() > Math.max(BEND * largest, smooth)) {
        continue;
      }
      checked++;
      double miss = Math.abs(gradient[elements[i]] - slopes[i].middle()) / largest;
      if (!(miss <= error)) {
        error = Double.isNaN(miss) ? Double.POSITIVE_INFINITY : miss;
        worst = i;
      }
    }
    return new Tensor(
        tensor.name(),
        tensor.size(),
        checked,
        elements.length - checked,
        error,
        elements[worst],
        gradient[elements[worst]],
        slopes[worst].middle());
  }

  /** The slopes of the loss below and above a parameter. */
  private record Slopes(double below, double above) {
    double middle() {
      return (below + above) / 2;
    }

    double bend() {
      return Math.abs(above - below);
    }
  }

  private static Slopes slopes(
      ParameterTensor tensor,
      int element,
      int layer,
      ExactNetwork exact,
      double base,
      double step) {
    TensorShape shape = tensor.shape();
    int row = tensor.firstRow() + element % shape.rows();
    int column = element / shape.rows();
    double above = exact.lossWith(layer, row, column, step);
    double below = exact.lossWith(layer, row, column, -step);
    return new Slopes((base - below) / step, (above - base) / step);
  }
}
