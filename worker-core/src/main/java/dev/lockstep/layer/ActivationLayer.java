package dev.lockstep.layer;

import dev.lockstep.kernel.Kernels;
import dev.lockstep.kernel.Panels;
import dev.lockstep.kernel.RowSegments;
import java.util.List;

/**
 * An {@link Activation} of every unit, in place; it learns nothing.
 *
 * @param activation the function
 * @param inputs I, which is also O
 */
public record ActivationLayer(Activation activation, int inputs) implements Layer {
  @Override
  public String describe() {
    return "%s %d".formatted(activation.configName(), inputs);
  }

  @Override
  public int outputs() {
    return inputs;
  }

  @Override
  public List<TensorShape> tensors() {
    return List.of();
  }

  @Override
  public boolean isInPlace() {
    return true;
  }

  @Override
  public void forward(Kernels kernels, int rows, Panels x, Panels w, Panels y) {
    for (int p = 0; p < y.count(); p++) {
      activation.forward(kernels, y.data(), y.panel(p), y.panel(p) + rows * Panels.WIDTH);
    }
  }

  @Override
  public void inputGradient(
      Kernels kernels, int rows, Panels y, Panels dy, Panels transposed, Panels dx) {
    for (int p = 0; p < y.count(); p++) {
      int count = rows * Panels.WIDTH;
      activation.backward(kernels, y.data(), y.panel(p), dy.data(), dy.panel(p), count);
    }
  }

  @Override
  public void parameterGradient(
      Kernels kernels, RowSegments rows, Panels x, Panels dy, Panels dw, Panels stack) {}
}
