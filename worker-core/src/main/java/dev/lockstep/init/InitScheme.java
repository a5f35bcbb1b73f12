package dev.lockstep.init;

import dev.lockstep.network.ParameterLayout;
import dev.lockstep.network.ParameterTensor;
import dev.lockstep.random.Philox;
import dev.lockstep.random.Purpose;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * How weights W[I,O] begin; biases begin at 0.
 *
 * <p>Element (i, o) of the tensor with number k draws from Philox under the counters (i, o div 4 or
 * o div 2, k), whatever the panels look like.
 */
public enum InitScheme {
  /** All 0: right for a network without hidden layers, useless for any other. */
  ZEROS(false) {
    @Override
    double scale(int in, int out) {
      return 0;
    }
  },
  /** Uniform in ±sqrt(6 / I). He et al., "Delving Deep into Rectifiers", 2015, equation 10. */
  HE_UNIFORM(false) {
    @Override
    double scale(int in, int out) {
      return Math.sqrt(6.0 / in);
    }
  },
  /** Normal with variance 2 / I. He et al. 2015, equation 10. */
  HE_NORMAL(true) {
    @Override
    double scale(int in, int out) {
      return Math.sqrt(2.0 / in);
    }
  },
  /**
   * Uniform in ±sqrt(6 / (I + O)). Glorot and Bengio, "Understanding the difficulty of training
   * deep feedforward neural networks", 2010, equation 16.
   */
  XAVIER_UNIFORM(false) {
    @Override
    double scale(int in, int out) {
      return Math.sqrt(6.0 / ((double) in + out));
    }
  },
  /** Normal with variance 2 / (I + O). Glorot and Bengio 2010, equation 12. */
  XAVIER_NORMAL(true) {
    @Override
    double scale(int in, int out) {
      return Math.sqrt(2.0 / ((double) in + out));
    }
  };

  private final boolean normal;

  InitScheme(boolean normal) {
    this.normal = normal;
  }

  /** Half the width of the uniform distribution, or the standard deviation of the normal one. */
  abstract double scale(int in, int out);

  /** The name in configurations: {@code he-normal}. */
  public String configName() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The names in configurations. */
  public static List<String> names() {
    return Arrays.stream(values()).map(InitScheme::configName).toList();
  }

  /** Initial parameters of a layout, in panel order. */
  public float[] parameters(ParameterLayout layout, long seed) {
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

  /** Weights in the order of files, [O, I]. */
  private float[] weights(int in, int out, int tensor, long seed) {
    float[] values = new float[in * out];
    double scale = scale(in, out);
    int[] words = new int[4];
    double[] pair = new double[2];
    int stride = normal ? 2 : 4;
    for (int i = 0; i < in; i++) {
      for (int block = 0; block * stride < out; block++) {
        Philox.words(seed, Purpose.INITIAL_WEIGHTS, i, block, tensor, words);
        if (normal) {
          gaussianPair(words[0], words[1], pair);
        }
        for (int j = 0; j < stride && block * stride + j < out; j++) {
          double unit = normal ? pair[j] : 2.0 * Philox.toUniform(words[j]) - 1.0;
          values[(block * stride + j) * in + i] = (float) (scale * unit);
        }
      }
    }
    return values;
  }

  /** Two independent standard normal numbers (Box and Muller 1958), the same on every JVM. */
  private static void gaussianPair(int word0, int word1, double[] pair) {
    double u = 1.0 - Philox.toUniform(word0);
    double angle = 2.0 * Math.PI * Philox.toUniform(word1);
    double radius = Math.sqrt(-2.0 * StrictMath.log(u));
    pair[0] = radius * StrictMath.cos(angle);
    pair[1] = radius * StrictMath.sin(angle);
  }
}
