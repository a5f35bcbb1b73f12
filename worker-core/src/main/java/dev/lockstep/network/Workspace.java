package dev.lockstep.network;

import dev.lockstep.kernel.Arena;
import dev.lockstep.kernel.MatrixKernels;
import dev.lockstep.kernel.Panels;
import dev.lockstep.layer.Layer;
import dev.lockstep.layer.Operands;
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
  private final Panels[] scratch;
  private final Panels[] transposed;
  private final Arena arena = new Arena();
  private Panels stack;

  /** Scratch for blocks of at most {@code rows} rows. */
  public Workspace(Network network, int rows) {
    this(network, rows, true);
  }

  private Workspace(Network network, int rows, boolean learns) {
    List<Layer> layers = network.layers();
    x = arena.allocate(rows, network.inputs());
    outputs = new Panels[layers.size()];
    outputGradients = new Panels[layers.size()];
    scratch = new Panels[layers.size()];
    transposed = new Panels[layers.size()];
    for (int l = 0; l < layers.size(); l++) {
      Layer layer = layers.get(l);
      outputs[l] = network.outputTakesInput(l) ? input(l) : arena.allocate(rows, layer.outputs());
      if (learns) {
        boolean hasGradient = layer.isElementwise() && l > 0;
        outputGradients[l] =
            hasGradient ? outputGradients[l - 1] : arena.allocate(rows, layer.outputs());
      }
      if (layer.scratch() > 0) {
        scratch[l] = arena.allocate(rows, layer.scratch());
      }
      if (learns && l > network.firstLearning() && layer.readsTransposed()) {
        transposed[l] = arena.allocate(layer.outputs(), layer.inputs());
      }
    }
    stack = learns ? arena.allocate(MatrixKernels.stackRows(DEPTH), Panels.WIDTH) : null;
  }

  /** Scratch to go forward alone: that of gradients, and a copy of the weights, are not there. */
  static Workspace toPredict(Network network, int rows) {
    return new Workspace(network, rows, false);
  }

  /** Floats that the scratch for blocks of at most {@code rows} rows takes. */
  public static long floats(Network network, int rows) {
    List<Layer> layers = network.layers();
    long floats = Panels.size(rows, network.inputs());
    for (int l = 0; l < layers.size(); l++) {
      Layer layer = layers.get(l);
      boolean hasGradient = layer.isElementwise() && l > 0;
      boolean isTransposed = l > network.firstLearning() && layer.readsTransposed();
      floats += network.outputTakesInput(l) ? 0 : Panels.size(rows, layer.outputs());
      floats += hasGradient ? 0 : Panels.size(rows, layer.outputs());
      floats += layer.scratch() > 0 ? Panels.size(rows, layer.scratch()) : 0;
      floats += isTransposed ? Panels.size(layer.outputs(), layer.inputs()) : 0;
    }
    return floats;
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

  /** What a layer works on forward. */
  Operands forward(int layer, Panels w) {
    return new Operands(
        input(layer), w, outputs[layer], scratch[layer], null, null, null, null, null);
  }

  /**
   * What a layer works on backward.
   *
   * @param isInner whether a layer below learns, and wants dx
   * @param depth levels of sums
   */
  Operands backward(int layer, boolean isInner, Panels w, Panels dw, int depth) {
    return new Operands(
        input(layer),
        w,
        outputs[layer],
        scratch[layer],
        transposed[layer],
        outputGradients[layer],
        isInner ? outputGradients[layer - 1] : null,
        dw,
        stack(depth));
  }

  private Panels input(int layer) {
    return layer == 0 ? x : outputs[layer - 1];
  }

  Panels output(int layer) {
    return outputs[layer];
  }

  Panels transposed(int layer) {
    return transposed[layer];
  }

  private Panels stack(int depth) {
    int rows = MatrixKernels.stackRows(depth);
    if (stack.rows() < rows) {
      stack = arena.allocate(rows, Panels.WIDTH);
    }
    return stack;
  }
}
