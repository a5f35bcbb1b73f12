package dev.lockstep.network;

import dev.lockstep.kernel.Kernels;
import dev.lockstep.kernel.Panels;
import dev.lockstep.layer.Health;
import dev.lockstep.layer.Layer;
import dev.lockstep.layer.Operands;
import dev.lockstep.layer.Rows;
import dev.lockstep.layer.Sigmoid;
import dev.lockstep.layer.Softmax;
import dev.lockstep.loss.Loss;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiPredicate;

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

  /** This network with a layer before its first. */
  public Network after(Layer first) {
    List<Layer> all = new ArrayList<>(List.of(first));
    all.addAll(layers);
    return of(all);
  }

  /**
   * Checks that a gradient reaches all that the network learns.
   *
   * @throws IllegalArgumentException naming the layer that it does not pass, or if nothing is
   *     learned
   */
  public void checkLearns() {
    int first = firstLearning();
    if (first == layers.size()) {
      throw new IllegalArgumentException(
          "no layer of the network learns anything; it needs one that does, such as \"dense 10\"");
    }
    for (int l = first; l < layers.size(); l++) {
      if (!layers.get(l).isDifferentiable()) {
        throw new IllegalArgumentException(
            "layer %d (%s) has no derivative, so layer %d (%s) cannot learn: the network can predict, but not be trained"
                .formatted(
                    l + 1, layers.get(l).describe(), first + 1, layers.get(first).describe()));
      }
    }
  }

  /** What is allowed but hardly meant in a network with a loss behind it, as sentences. */
  public List<String> warnings(Loss loss) {
    Layer last = layers.get(layers.size() - 1);
    boolean isTwice =
        (last instanceof Softmax && loss.name().startsWith("softmax-"))
            || (last instanceof Sigmoid && loss.name().startsWith("sigmoid-"));
    return isTwice
        ? List.of(
            "layer %d (%s) stands before the loss %s, which contains it already and takes logits; leave the layer out"
                .formatted(layers.size(), last.describe(), loss.name()))
        : List.of();
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
    for (int l = 0; l < layers.size(); l++) {
      Layer layer = layers.get(l);
      int matrices = (outputTakesInput(l) ? 0 : 1) + (layer.isElementwise() ? 0 : 1);
      floatsOfRow += (long) matrices * layer.outputs() + layer.scratch();
    }
    int rows = MAX_BLOCK_ROWS;
    while (rows > MIN_BLOCK_ROWS && rows * floatsOfRow > MAX_BLOCK_FLOATS) {
      rows /= 2;
    }
    return rows;
  }

  /** Whether the outputs of a layer stand where its inputs stood. */
  boolean outputTakesInput(int l) {
    Layer layer = layers.get(l);
    boolean isReadBefore = l > 0 && layers.get(l - 1).readsOutput();
    return layer.isElementwise() && !layer.readsInput() && !isReadBefore;
  }

  /** The first layer that learns, below which no gradient need go; their number if none does. */
  int firstLearning() {
    int l = 0;
    while (l < layers.size() && layers.get(l).tensors().isEmpty()) {
      l++;
    }
    return l;
  }

  /** Computes the outputs of the rows in {@link Workspace#x}; they end in {@link Workspace#y}. */
  public void forward(Kernels kernels, Rows rows, float[] parameters, Workspace work) {
    for (int l = 0; l < layers.size(); l++) {
      layers.get(l).forward(kernels, rows, work.forward(l, layout.matrix(l, parameters)));
    }
  }

  /**
   * Like {@link #forward}, for who looks at the outputs of every layer: those of a layer are gone
   * once the next has been.
   *
   * @param goesOn takes a layer, from 0, and its outputs y[B,O]
   * @return whether it went to the end
   */
  public boolean forwardWhile(
      Kernels kernels,
      Rows rows,
      float[] parameters,
      Workspace work,
      BiPredicate<Integer, Panels> goesOn) {
    for (int l = 0; l < layers.size(); l++) {
      layers.get(l).forward(kernels, rows, work.forward(l, layout.matrix(l, parameters)));
      if (!goesOn.test(l, work.output(l))) {
        return false;
      }
    }
    return true;
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
   * @param rows with the runs to sum, along the canonical tree
   * @param gradient in panel order, overwritten, or gone on with where the segments say so
   */
  public void backward(
      Kernels kernels, Rows rows, float[] parameters, float[] gradient, Workspace work) {
    int first = firstLearning();
    for (int l = layers.size() - 1; l >= first; l--) {
      Panels w = layout.matrix(l, parameters);
      Panels dw = layout.matrix(l, gradient);
      Operands operands = work.backward(l, l > first, w, dw, rows.segments().depth());
      layers.get(l).backward(kernels, rows, operands);
    }
  }

  /** How many counts the layers keep together. */
  public int counts() {
    return layers.stream().mapToInt(Layer::counts).sum();
  }

  /** Adds what the rows that went forward last tell of each layer's health to counts. */
  public void count(Kernels kernels, int rows, Workspace work, int[] counts) {
    int from = 0;
    for (int l = 0; l < layers.size(); l++) {
      Layer layer = layers.get(l);
      if (layer.counts() > 0) {
        layer.count(kernels, rows, work.output(l), counts, from);
        from += layer.counts();
      }
    }
  }

  /** What the counts of an epoch of so many examples say of each layer. */
  public List<Health> health(long[] counts, long examples) {
    List<Health> health = new ArrayList<>();
    int from = 0;
    for (Layer layer : layers) {
      health.add(layer.health(counts, from, examples));
      from += layer.counts();
    }
    return health;
  }
}
