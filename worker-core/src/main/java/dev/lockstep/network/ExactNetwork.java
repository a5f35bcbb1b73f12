package dev.lockstep.network;

import dev.lockstep.kernel.Panels;
import dev.lockstep.layer.Layer;
import dev.lockstep.layer.Rows;
import dev.lockstep.loss.Loss;
import dev.lockstep.loss.Targets;

/**
 * A network and its loss in double, layer by layer as {@link Layer#exact} and {@link Loss#exact}
 * say them: what the arithmetic of training is checked against. Slow; for one thread.
 */
final class ExactNetwork {
  private final Network network;
  private final Loss loss;
  private final Rows rows;
  private final double[][] targets;

  /** Of each layer its matrix as rows of columns; empty if it learns nothing. */
  private final double[][][] weights;

  /** Of each layer the inputs of all rows, at the parameters as they were given. */
  private final double[][][] inputs;

  ExactNetwork(
      Network network, Loss loss, float[] parameters, Panels x, Targets targets, Rows rows) {
    this.network = network;
    this.loss = loss;
    this.rows = rows;
    this.targets = new double[rows.count()][];
    this.weights = new double[network.layers().size()][][];
    this.inputs = new double[network.layers().size()][rows.count()][];
    for (int l = 0; l < weights.length; l++) {
      Panels w = network.layout().matrix(l, parameters);
      weights[l] = w == null ? new double[0][] : toRows(w, w.rows());
    }
    double[][] first = toRows(x, rows.count());
    for (int r = 0; r < rows.count(); r++) {
      this.targets[r] = targets.exact(r, network.outputs());
      double[] a = first[r];
      for (int l = 0; l < weights.length; l++) {
        inputs[l][r] = a;
        a = network.layers().get(l).exact(a, weights[l], rows, r);
      }
    }
  }

  private static double[][] toRows(Panels a, int rows) {
    double[][] values = new double[rows][a.columns()];
    for (int r = 0; r < rows; r++) {
      for (int c = 0; c < a.columns(); c++) {
        values[r][c] = a.get(r, c);
      }
    }
    return values;
  }

  /** The sum of the losses of all rows. */
  double loss() {
    return lossFrom(0);
  }

  /** The same, where the parameters below a layer are as they were given. */
  private double lossFrom(int layer) {
    double sum = 0;
    for (int r = 0; r < rows.count(); r++) {
      double[] a = inputs[layer][r];
      for (int l = layer; l < weights.length; l++) {
        a = network.layers().get(l).exact(a, weights[l], rows, r);
      }
      sum += loss.exact(a, targets[r]);
    }
    return sum;
  }

  /** The loss with one parameter moved. */
  double lossWith(int layer, int row, int column, double move) {
    double at = weights[layer][row][column];
    weights[layer][row][column] = at + move;
    double sum = lossFrom(layer);
    weights[layer][row][column] = at;
    return sum;
  }
}
