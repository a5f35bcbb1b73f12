package dev.lockstep.network;

import dev.lockstep.kernel.Kernels;
import dev.lockstep.kernel.Panels;
import dev.lockstep.layer.Operands;
import dev.lockstep.layer.Rows;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * A trained network that says what it makes of inputs. Any number of threads may share one. Scratch
 * is kept from call to call, so that a call which asks for as many rows as one before it allocates
 * nothing but its result, and with an array for that, nothing.
 */
public final class Predictor {
  private final Network network;
  private final float[] parameters;
  private final Kernels kernels;
  private final int blockRows;

  /** Scratch that no thread uses: as many as there are threads at work, mostly. */
  private final AtomicReferenceArray<Scratch> idle =
      new AtomicReferenceArray<>(2 * Runtime.getRuntime().availableProcessors());

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
    this.blockRows = network.blockRows();
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
   * The outputs of some examples. A row gives the same bits with any others.
   *
   * @param x x[B,I], row-major
   * @param rows B
   * @param y y[B,O], row-major, overwritten
   */
  public void predict(float[] x, int rows, float[] y) {
    check(x.length, rows, y.length);
    Scratch scratch = take(Math.min(rows, blockRows));
    for (int from = 0; from < rows; from += blockRows) {
      int count = Math.min(blockRows, rows - from);
      scratch.fill(x, from, count);
      scratch.forward(count);
      scratch.copyOutputs(y, from, count);
    }
    giveBack(scratch);
  }

  /**
   * The outputs of some examples of a network that was trained on bytes, of which a 255th counts.
   *
   * @param x x[B,I] as bytes without a sign, row-major
   * @param rows B
   * @param y y[B,O], row-major, overwritten
   */
  public void predict(byte[] x, int rows, float[] y) {
    check(x.length, rows, y.length);
    Scratch scratch = take(Math.min(rows, blockRows));
    for (int from = 0; from < rows; from += blockRows) {
      int count = Math.min(blockRows, rows - from);
      scratch.fill(x, from, count);
      scratch.forward(count);
      scratch.copyOutputs(y, from, count);
    }
    giveBack(scratch);
  }

  private void check(int given, int rows, int room) {
    if (rows < 1 || given < (long) rows * inputs() || room < (long) rows * outputs()) {
      throw new IllegalArgumentException(
          "%d rows of %d inputs in %d elements, with %d for outputs: want room for %d inputs and %d outputs of each"
              .formatted(rows, inputs(), given, room, inputs(), outputs()));
    }
  }

  /** Scratch for so many rows, which is this thread's until it is given back. */
  private Scratch take(int rows) {
    for (int i = 0; i < idle.length(); i++) {
      Scratch found = idle.get(i);
      if (found != null && found.fits(rows) && idle.compareAndSet(i, found, null)) {
        return found;
      }
    }
    return new Scratch(rows);
  }

  /** Where all places are taken, it is let go of. */
  private void giveBack(Scratch scratch) {
    for (int i = 0; i < idle.length(); i++) {
      if (idle.get(i) == null && idle.compareAndSet(i, null, scratch)) {
        return;
      }
    }
    idle.set(0, scratch);
  }

  /** What one thread needs at a time. */
  private final class Scratch {
    private final Workspace work;
    private final Operands[] operands = new Operands[network.layers().size()];
    private final Rows full;
    private Rows rest;

    Scratch(int most) {
      work = Workspace.toPredict(network, most);
      full = Rows.evaluated(most);
      rest = full;
      for (int l = 0; l < operands.length; l++) {
        operands[l] = work.forward(l, network.layout().matrix(l, parameters));
      }
    }

    /** A single row is not spread over matrices of many: it would share few sets of the cache. */
    boolean fits(int rows) {
      int room = work.x().rows();
      return rows == 1 ? room == 1 : room >= rows;
    }

    void fill(float[] x, int from, int count) {
      Panels to = work.x();
      int inputs = inputs();
      for (int r = 0; r < count; r++) {
        int at = (from + r) * inputs;
        for (int panel = 0; panel < inputs; panel += Panels.WIDTH) {
          int width = Math.min(Panels.WIDTH, inputs - panel);
          System.arraycopy(x, at + panel, to.data(), to.at(r, panel), width);
        }
      }
    }

    void fill(byte[] x, int from, int count) {
      for (int r = 0; r < count; r++) {
        kernels.elements().unit(x, (from + r) * inputs(), work.x(), r);
      }
    }

    void forward(int count) {
      boolean isFull = full.count() == count;
      if (!isFull && rest.count() != count) {
        rest = Rows.evaluated(count);
      }
      for (int l = 0; l < operands.length; l++) {
        network.layers().get(l).forward(kernels, isFull ? full : rest, operands[l]);
      }
    }

    void copyOutputs(float[] y, int from, int count) {
      Panels found = work.y();
      int outputs = outputs();
      for (int r = 0; r < count; r++) {
        int at = (from + r) * outputs;
        for (int panel = 0; panel < outputs; panel += Panels.WIDTH) {
          int width = Math.min(Panels.WIDTH, outputs - panel);
          System.arraycopy(found.data(), found.at(r, panel), y, at + panel, width);
        }
      }
    }
  }
}
