package dev.lockstep.ml;

import dev.lockstep.config.ConfigException;
import dev.lockstep.network.ParameterLayout;
import dev.lockstep.network.ParameterTensor;
import dev.lockstep.serialization.Sha256;
import dev.lockstep.serialization.model.Model;
import dev.lockstep.serialization.model.ParameterTensors;
import dev.lockstep.serialization.tensor.SafetensorsFile;
import dev.lockstep.serialization.tensor.Tensor;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.spark.ml.linalg.DenseVector;
import org.apache.spark.ml.linalg.Vector;

/**
 * Weights in the order of {@code MultilayerPerceptronClassifier}: layer after layer, the weights of
 * all outputs to the first input, then to the second and so on, and then the biases.
 *
 * @param weights all of them
 */
record InitialWeights(Vector weights) implements Function<ParameterLayout, float[]> {
  /** Those of a trained network, whose layers have matrices and vectors alone. */
  static InitialWeights of(Model model) {
    List<Tensor> tensors = ParameterTensors.of(model.network().layout(), model.parameters(), "");
    double[] weights = new double[tensors.stream().mapToInt(t -> t.values().length).sum()];
    int at = 0;
    for (Tensor tensor : tensors) {
      int outputs = tensor.shape().get(0);
      int inputs = tensor.values().length / outputs;
      for (int i = 0; i < inputs; i++) {
        for (int o = 0; o < outputs; o++) {
          weights[at++] = tensor.values()[o * inputs + i];
        }
      }
    }
    return new InitialWeights(new DenseVector(weights));
  }

  /** What tells these weights from others. */
  String sha256() {
    ByteBuffer bytes = ByteBuffer.allocate(weights.size() * Double.BYTES);
    for (int w = 0; w < weights.size(); w++) {
      bytes.putDouble(weights.apply(w));
    }
    return Sha256.of(bytes.array());
  }

  /** In panel order. */
  @Override
  public float[] apply(ParameterLayout layout) {
    if (weights.size() != layout.parameters()) {
      throw new ConfigException(
          "initialWeights has %d weights; the network has %d"
              .formatted(weights.size(), layout.parameters()));
    }
    List<Tensor> tensors = new ArrayList<>();
    int at = 0;
    for (ParameterTensor tensor : layout.tensors()) {
      List<Integer> shape = tensor.fileShape();
      float[] values = new float[Math.toIntExact(tensor.size())];
      int outputs = shape.get(0);
      int inputs = shape.size() > 1 ? shape.get(1) : 1;
      for (int i = 0; i < inputs; i++) {
        for (int o = 0; o < outputs; o++) {
          values[o * inputs + i] = (float) weights.apply(at++);
        }
      }
      tensors.add(new Tensor(tensor.name(), shape, values));
    }
    return ParameterTensors.toVector(
        layout, new SafetensorsFile(Map.of(), tensors), "", "initialWeights");
  }
}
