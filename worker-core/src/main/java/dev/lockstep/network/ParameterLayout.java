package dev.lockstep.network;

import dev.lockstep.kernel.Panels;
import dev.lockstep.layer.Layer;
import dev.lockstep.layer.TensorShape;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Where everything lies in the flat parameter vector: one matrix of panels for each layer that
 * learns, layer after layer, from {@link Panels#START} on. Gradients and optimiser slots have the
 * same layout ("panel order"). Padding is +0 there and in no count, hash or file.
 */
public final class ParameterLayout implements Serializable {
  private static final long serialVersionUID = 1;

  /** The most floats of a slice: 16 MB; only a single panel may have more. */
  public static final int MAX_SLICE = 4 << 20;

  private static final int MIN_SLICE = 8 << 10;

  /** Where panels allow it there is a slice to own for as many ranks. */
  private static final int SLICES = 512;

  private final int length;
  private final long parameters;
  private final List<ParameterTensor> tensors;
  private final int[] matrixOffsets;
  private final int[] matrixRows;
  private final int[] matrixColumns;
  private final int[] panelOffsets;
  private final int[] panelRows;
  private final int[] panelMatrices;
  private final int[] weightRows;
  private final List<Slice> slices;

  ParameterLayout(List<Layer> layers) {
    List<ParameterTensor> tensors = new ArrayList<>();
    List<Integer> offsets = new ArrayList<>();
    List<Integer> rowsOfPanel = new ArrayList<>();
    List<Integer> matrixOfPanel = new ArrayList<>();
    List<Integer> weightRowsOfMatrix = new ArrayList<>();
    matrixOffsets = new int[layers.size()];
    matrixRows = new int[layers.size()];
    matrixColumns = new int[layers.size()];
    long end = Panels.START;
    int learning = 0;
    for (int l = 0; l < layers.size(); l++) {
      List<TensorShape> shapes = layers.get(l).tensors();
      if (shapes.isEmpty()) {
        continue;
      }
      matrixOffsets[l] = (int) end;
      int rows = shapes.stream().mapToInt(TensorShape::rows).sum();
      int columns = shapes.get(0).columns();
      matrixRows[l] = rows;
      matrixColumns[l] = columns;
      int firstRow = 0;
      for (TensorShape shape : shapes) {
        String name = "layers.%d.%s".formatted(learning, shape.name());
        tensors.add(new ParameterTensor(name, shape, (int) end, rows, firstRow));
        firstRow += shape.rows();
      }
      for (int p = 0; p < Panels.count(columns); p++) {
        offsets.add((int) end + p * rows * Panels.WIDTH);
        rowsOfPanel.add(rows);
        matrixOfPanel.add(learning);
      }
      weightRowsOfMatrix.add(
          shapes.stream().filter(s -> !s.isVector()).mapToInt(TensorShape::rows).sum());
      learning++;
      end += Panels.size(rows, columns);
      if (end > Integer.MAX_VALUE - 8) {
        throw new IllegalArgumentException(
            "layer %d (%s) brings the network to %d floats, more than one array can hold"
                .formatted(l + 1, layers.get(l).describe(), end - Panels.START));
      }
    }
    this.length = (int) end;
    this.tensors = List.copyOf(tensors);
    this.parameters = tensors.stream().mapToLong(ParameterTensor::size).sum();
    this.panelOffsets = offsets.stream().mapToInt(Integer::intValue).toArray();
    this.panelRows = rowsOfPanel.stream().mapToInt(Integer::intValue).toArray();
    this.panelMatrices = matrixOfPanel.stream().mapToInt(Integer::intValue).toArray();
    this.weightRows = weightRowsOfMatrix.stream().mapToInt(Integer::intValue).toArray();
    this.slices = List.copyOf(cut());
  }

  private List<Slice> cut() {
    int target = Math.max(MIN_SLICE, Math.min(MAX_SLICE, length / SLICES));
    List<Slice> slices = new ArrayList<>();
    int first = 0;
    while (first < panels()) {
      int panel = first;
      int size = 0;
      do {
        size += panelRows[panel] * Panels.WIDTH;
        panel++;
      } while (panel < panels() && size + panelRows[panel] * Panels.WIDTH <= target);
      slices.add(new Slice(panelOffsets[first], size, first, panel - first));
      first = panel;
    }
    return slices;
  }

  /** P: floats in panel order, padding included. */
  public int length() {
    return length;
  }

  /** Parameters that are learned, without padding. */
  public long parameters() {
    return parameters;
  }

  /** The tensors in the order of files. */
  public List<ParameterTensor> tensors() {
    return tensors;
  }

  /** The matrix of a layer within a vector in panel order; null if the layer learns nothing. */
  public Panels matrix(int layer, float[] vector) {
    return matrixColumns[layer] == 0
        ? null
        : new Panels(vector, matrixOffsets[layer], matrixRows[layer], matrixColumns[layer]);
  }

  /** The number of the layer that learns a tensor. */
  int layerOf(ParameterTensor tensor) {
    int layer = 0;
    while (matrixColumns[layer] == 0 || matrixOffsets[layer] != tensor.matrixOffset()) {
      layer++;
    }
    return layer;
  }

  /** How many panels there are. */
  public int panels() {
    return panelOffsets.length;
  }

  /** First float of a panel. */
  public int panelOffset(int panel) {
    return panelOffsets[panel];
  }

  /** Rows of a panel. */
  public int panelRows(int panel) {
    return panelRows[panel];
  }

  /** How many matrices there are: layers that learn. */
  public int matrices() {
    return weightRows.length;
  }

  /** The matrix of a panel. */
  public int matrixOf(int panel) {
    return panelMatrices[panel];
  }

  /** Of each matrix the sum over its panels, in their order. */
  public double[] byMatrix(double[] ofPanels) {
    double[] sums = new double[matrices()];
    for (int p = 0; p < panels(); p++) {
      sums[matrixOf(p)] += ofPanels[p];
    }
    return sums;
  }

  /** Rows of a panel that hold weights; they come before those that hold vectors. */
  public int weightRows(int panel) {
    return weightRows[panelMatrices[panel]];
  }

  /** A vector in panel order with what vectors begin with, and 0 for all weights. */
  public float[] initial() {
    float[] vector = new float[length];
    for (ParameterTensor tensor : tensors) {
      if (tensor.shape().initial() != 0) {
        float[] values = new float[tensor.size()];
        Arrays.fill(values, tensor.shape().initial());
        tensor.fromFileOrder(values, vector);
      }
    }
    return vector;
  }

  /** The slices, which follow from the network alone. */
  public List<Slice> slices() {
    return slices;
  }

  /** The slices that rank r of N owns: a contiguous run, possibly empty. */
  public List<Slice> slicesOf(int rank, int ranks) {
    return slices.subList(firstSlice(rank, ranks), firstSlice(rank + 1, ranks));
  }

  /** Runs are cut where the floats before them come nearest to an equal share. */
  private int firstSlice(int rank, int ranks) {
    if (rank == ranks) {
      return slices.size();
    }
    long share = (long) length * rank / ranks;
    int first = 0;
    int end = slices.size();
    while (first < end) {
      int middle = (first + end) / 2;
      Slice slice = slices.get(middle);
      if (slice.offset() + slice.length() / 2 < share) {
        first = middle + 1;
      } else {
        end = middle;
      }
    }
    return first;
  }
}
