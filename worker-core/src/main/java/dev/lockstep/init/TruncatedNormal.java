package dev.lockstep.init;

import dev.lockstep.setting.Range;
import dev.lockstep.setting.Setting;
import dev.lockstep.setting.Settings;
import java.util.List;

/**
 * Normal with mean 0, without what lies beyond two standard deviations.
 *
 * <p>The deviation is that of the distribution before it is cut, as in PyTorch's {@code
 * trunc_normal_} with a = -2 std and b = 2 std: nothing corrects the variance, so that the weights'
 * own deviation is 0.8796 of it.
 *
 * @param deviation 0 or more
 */
public record TruncatedNormal(double deviation) implements InitScheme {
  private static final double BOUND = 2;

  private static final Setting<Double> STD =
      Setting.number("std", 0.02, Range.NOT_NEGATIVE, "the standard deviation before the cut");

  @Override
  public float[] weights(int in, int out, int tensor, long seed) {
    float[] values = new float[Math.multiplyExact(in, out)];
    int[] words = new int[4];
    for (int i = 0; i < in; i++) {
      for (int o = 0; o < out; o++) {
        double number = Draws.truncatedNormal(i, o, tensor, seed, BOUND, words);
        values[o * in + i] = (float) (deviation * number);
      }
    }
    return values;
  }

  /** {@code truncated-normal}; 0.02 is the deviation of Devlin et al. 2019 (BERT). */
  public record Kind() implements InitKind {
    @Override
    public String name() {
      return "truncated-normal";
    }

    @Override
    public String meaning() {
      return "normal with deviation std, cut at ±2 std; the variance is not corrected";
    }

    @Override
    public List<Setting<?>> settings() {
      return List.of(STD);
    }

    @Override
    public InitScheme create(Settings settings) {
      return new TruncatedNormal(settings.get(STD));
    }
  }
}
