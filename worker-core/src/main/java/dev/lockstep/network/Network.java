package dev.lockstep.network;

import dev.lockstep.kernel.Kernels;
import dev.lockstep.kernel.Panels;
import dev.lockstep.kernel.RowSegments;
import dev.lockstep.layer.Layer;
import java.io.Serializable;
import java.util.List;

/**
 * An immutable chain of layers. It holds no parameters, inputs or scratch: those are arguments.
 *
 * @param layers from input to output, each taking what the one before gives
 * @param layout where the parameters lie
 */
public record Network(List<Layer> layers, ParameterLayout layout) implements Serializable {
  /** The most rows of a block. */
  public static final int MAX_BLOCK_ROWS = 256;

  private static final int MIN_BLOCK_ROWS = 32;
  private static final int MAX_BLOCK_FLOATS = 16 << 20;

  /**
   * The network of some layers.
   *
   * @throws IllegalArgumentException if there is none, or two neighbours do not fit
   */
  public static Network of(List<Layer> layers) {
    if (layers.isEmpty()) {
      throw new IllegalArgumentException("a network needs at least 1 layer");
    }
    if (layers.get(0).isInPlace()) {
      throw new IllegalArgumentException(
          "layer 1 (%s) works in place; the first layer must have outputs of its own, such as Dense"
              .formatted(layers.get(0).describe()));
    }
    for (int l = 1; l < layers.size(); l++) {
      Layer before = layers.get(l - 1);
      Layer layer = layers.get(l);
      if (layer.inputs() != before.outputs()) {
        throw new IllegalArgumentException(
            "layer %d (%s) expects %d inputs, but layer %d (%s) has %d outputs"
                .formatted(
                    l + 1,
                    layer.describe(),
                    layer.inputs(),
                    l,
                    before.describe(),
                    before.outputs()));
      }
    }
    return new Network(List.copyOf(layers), new ParameterLayout(layers));
  }

  /** Inputs of the first layer. */
  public int inputs() {
    return layers.get(0).inputs();
  }

  /** Outputs of the last layer. */
  public int outputs() {
    return layers.get(layers.size() - 1).outputs();
  }

  /**
   * Rows of a block: a power of two, up to {@value #MAX_BLOCK_ROWS}, such that the inputs,
   * activations and their gradients take no more than {@value #MAX_BLOCK_FLOATS} floats.
   *
   * <p>A block should be large, because each one passes over a gradient of the whole network.
   */
  public int blockRows() {
    long floatsOfRow = inputs();
    for (Layer layer : layers) {
      floatsOfRow += layer.isInPlace() ? 0 : 2L * layer.outputs();
    }
    int rows = MAX_BLOCK_ROWS;
    while (rows > MIN_BLOCK_ROWS && rows * floatsOfRow > MAX_BLOCK_FLOATS) {
      rows /= 2;
    }
    return rows;
  }

  /** Computes the outputs of the rows in {@link Workspace#x}; they end in {@link Workspace#y}. */
  public void forward(Kernels kernels, int rows, float[] parameters, Workspace work) {
    for (int l = 0; l < layers.size(); l++) {
      layers
          .get(l)
          .forward(kernels, rows, work.input(l), layout.matrix(l, parameters), work.output(l));
    }
  }

  /** Prepares the transposed weights that {@link #backward} reads; once for new parameters. */
  public void transpose(Kernels kernels, float[] parameters, Workspace work) {
    for (int l = 0; l < layers.size(); l++) {
      if (work.transposed(l) != null) {
        kernels.matrix().transpose(layout.matrix(l, parameters), work.transposed(l));
      }
    }
  }

  /**
   * Goes back from {@link Workspace#dy}, and sums the gradient of all parameters over rows.
   *
   * @param rows the runs to sum, along the canonical tree
   * @param gradient in panel order, overwritten, or gone on with where the segments say so
   */
  public void backward(Kernels kernels, RowSegments rows, float[] gradient, Workspace work) {
    for (int l = layers.size() - 1; l >= 0; l--) {
      Layer layer = layers.get(l);
      Panels dy = work.outputGradient(l);
      Panels dw = layout.matrix(l, gradient);
      if (dw != null) {
        layer.parameterGradient(kernels, rows, work.input(l), dy, dw, work.stack(rows.depth()));
      }
      if (l > 0) {
        layer.inputGradient(
            kernels, rows.rows(), work.output(l), dy, work.transposed(l), work.inputGradient(l));
      }
    }
  }
}
