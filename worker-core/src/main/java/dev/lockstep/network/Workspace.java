package dev.lockstep.network;

import dev.lockstep.kernel.Arena;
import dev.lockstep.kernel.MatrixKernels;
import dev.lockstep.kernel.Panels;
import dev.lockstep.layer.Layer;
import java.util.List;

/**
 * All scratch of one thread that runs a network: inputs, outputs and gradients of every layer for a
 * block of rows. Never shared between threads, never serialised.
 */
public final class Workspace {
  /** Levels of sums that blocks of up to 256 rows of full shards need. */
  private static final int DEPTH = 6;

  private final Panels x;
  private final Panels[] outputs;
  private final Panels[] outputGradients;
  private final Panels[] transposed;
  private final Arena arena = new Arena();
  private Panels stack;

  /** Scratch for blocks of at most {@code rows} rows. */
  public Workspace(Network network, int rows) {
    List<Layer> layers = network.layers();
    x = arena.allocate(rows, network.inputs());
    outputs = new Panels[layers.size()];
    outputGradients = new Panels[layers.size()];
    transposed = new Panels[layers.size()];
    for (int l = 0; l < layers.size(); l++) {
      Layer layer = layers.get(l);
      boolean reuses = layer.isInPlace() && l > 0;
      outputs[l] = reuses ? outputs[l - 1] : arena.allocate(rows, layer.outputs());
      outputGradients[l] = reuses ? outputGradients[l - 1] : arena.allocate(rows, layer.outputs());
      if (l > 0 && !layer.tensors().isEmpty()) {
        transposed[l] = arena.allocate(layer.outputs(), layer.inputs());
      }
    }
    stack = arena.allocate(MatrixKernels.stackRows(DEPTH), Panels.WIDTH);
  }

  /** x[B,I] of the network; the caller fills it. */
  public Panels x() {
    return x;
  }

  /** y[B,O] of the network. */
  public Panels y() {
    return outputs[outputs.length - 1];
  }

  /** dy[B,O] of the network; the caller fills it. */
  public Panels dy() {
    return outputGradients[outputGradients.length - 1];
  }

  Panels input(int layer) {
    return layer == 0 ? x : outputs[layer - 1];
  }

  Panels output(int layer) {
    return outputs[layer];
  }

  Panels outputGradient(int layer) {
    return outputGradients[layer];
  }

  Panels inputGradient(int layer) {
    return outputGradients[layer - 1];
  }

  Panels transposed(int layer) {
    return transposed[layer];
  }

  Panels stack(int depth) {
    int rows = MatrixKernels.stackRows(depth);
    if (stack.rows() < rows) {
      stack = arena.allocate(rows, Panels.WIDTH);
    }
    return stack;
  }
}
