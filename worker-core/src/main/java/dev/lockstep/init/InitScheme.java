package dev.lockstep.init;

import dev.lockstep.network.ParameterLayout;
import dev.lockstep.network.ParameterTensor;
import java.util.List;

/**
 * How weights W[I,O] begin; biases begin at 0.
 *
 * <p>A scheme is a pure function of the seed, the number of the tensor and the place in it,
 * whatever the panels look like.
 */
@FunctionalInterface
public interface InitScheme {
  /** He's normal distribution, which suits units of ReLU. */
  static InitScheme heNormal() {
    return new VarianceScaling(2, VarianceScaling.Fan.IN, true, 1);
  }

  /**
   * The weights of a tensor.
   *
   * @param in I, inputs of a unit
   * @param out O, units
   * @param tensor number of the tensor in the network
   * @param seed the run's
   * @return in the order of files, [O, I]
   */
  float[] weights(int in, int out, int tensor, long seed);

  /** Initial parameters of a layout, in panel order; vectors begin with their own values. */
  default float[] parameters(ParameterLayout layout, long seed) {
    float[] parameters = layout.initial();
    List<ParameterTensor> tensors = layout.tensors();
    for (int k = 0; k < tensors.size(); k++) {
      ParameterTensor tensor = tensors.get(k);
      if (!tensor.shape().isVector()) {
        tensor.fromFileOrder(
            weights(tensor.shape().rows(), tensor.shape().columns(), k, seed), parameters);
      }
    }
    return parameters;
  }
}
