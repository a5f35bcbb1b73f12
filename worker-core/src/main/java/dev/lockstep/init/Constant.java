package dev.lockstep.init;

import dev.lockstep.setting.Range;
import dev.lockstep.setting.Setting;
import dev.lockstep.setting.Settings;
import java.util.Arrays;
import java.util.List;

/**
 * The same number in every place. Units of a layer then learn the same for ever, so it is of use
 * without hidden layers alone.
 *
 * @param value the number
 */
public record Constant(float value) implements InitScheme {
  private static final Setting<Double> VALUE = Setting.number("value", Range.ANY, "every weight");

  @Override
  public float[] weights(int in, int out, int tensor, long seed) {
    float[] values = new float[Math.multiplyExact(in, out)];
    Arrays.fill(values, value);
    return values;
  }

  /** {@code constant}. */
  public record Kind() implements InitKind {
    @Override
    public String name() {
      return "constant";
    }

    @Override
    public String meaning() {
      return "value";
    }

    @Override
    public List<Setting<?>> settings() {
      return List.of(VALUE);
    }

    @Override
    public InitScheme create(Settings settings) {
      return new Constant(settings.toFloat(VALUE));
    }
  }
}
