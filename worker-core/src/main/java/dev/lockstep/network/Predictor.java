package dev.lockstep.network;

import dev.lockstep.kernel.Kernels;
import dev.lockstep.kernel.Panels;
import dev.lockstep.layer.Rows;
import java.util.concurrent.ConcurrentLinkedDeque;

/**
 * A trained network that says what it makes of inputs. Any number of threads may share one; scratch
 * is kept for as many as have asked at the same time.
 */
public final class Predictor {
  private final Network network;
  private final float[] parameters;
  private final Kernels kernels;
  private final ConcurrentLinkedDeque<Workspace> idle = new ConcurrentLinkedDeque<>();

  /**
   * Of a network.
   *
   * @param parameters in panel order; must not change
   */
  public Predictor(Network network, float[] parameters, Kernels kernels) {
    if (parameters.length != network.layout().length()) {
      throw new IllegalArgumentException(
          "%d parameters for a network of %d"
              .formatted(parameters.length, network.layout().length()));
    }
    this.network = network;
    this.parameters = parameters;
    this.kernels = kernels;
  }

  /** I, how many inputs an example has. */
  public int inputs() {
    return network.inputs();
  }

  /** O, how many outputs it gets. */
  public int outputs() {
    return network.outputs();
  }

  /**
   * The outputs of one example.
   *
   * @param x x[I]
   * @return y[O], of the last layer, as the loss takes them
   */
  public float[] predict(float[] x) {
    float[] y = new float[outputs()];
    predict(x, 1, y);
    return y;
  }

  /**
   * The outputs of some examples.
   *
   * @param x x[B,I], row-major
   * @param rows B
   * @param y y[B,O], row-major, overwritten
   */
  public void predict(float[] x, int rows, float[] y) {
    if (rows < 1 || x.length < (long) rows * inputs() || y.length < (long) rows * outputs()) {
      throw new IllegalArgumentException(
          "%d rows of %d inputs in %d floats, with %d for outputs: want room for %d inputs and %d outputs of each"
              .formatted(rows, inputs(), x.length, y.length, inputs(), outputs()));
    }
    int block = Math.min(rows, network.blockRows());
    Workspace found = idle.poll();
    Workspace work =
        found == null || found.x().rows() < block ? new Workspace(network, block) : found;
    for (int from = 0; from < rows; from += block) {
      int count = Math.min(block, rows - from);
      fill(work.x(), x, from, count);
      network.forward(kernels, Rows.evaluated(count), parameters, work);
      for (int r = 0; r < count; r++) {
        for (int o = 0; o < outputs(); o++) {
          y[(from + r) * outputs() + o] = work.y().get(r, o);
        }
      }
    }
    idle.push(work);
  }

  private void fill(Panels to, float[] x, int from, int count) {
    for (int r = 0; r < count; r++) {
      int at = (from + r) * inputs();
      for (int panel = 0; panel < inputs(); panel += Panels.WIDTH) {
        int width = Math.min(Panels.WIDTH, inputs() - panel);
        System.arraycopy(x, at + panel, to.data(), to.at(r, panel), width);
      }
    }
  }
}
