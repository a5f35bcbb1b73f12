package dev.lockstep.init;

import dev.lockstep.setting.Range;
import dev.lockstep.setting.Setting;
import dev.lockstep.setting.Settings;
import java.util.List;

/**
 * Uniform in ±scale, whatever the layer's size.
 *
 * @param scale 0 or more
 */
public record Uniform(double scale) implements InitScheme {
  private static final Setting<Double> SCALE =
      Setting.number("scale", 0.05, Range.NOT_NEGATIVE, "the largest weight");

  @Override
  public float[] weights(int in, int out, int tensor, long seed) {
    return Draws.uniform(in, out, tensor, seed, scale);
  }

  /** {@code uniform}. */
  public record Kind() implements InitKind {
    @Override
    public String name() {
      return "uniform";
    }

    @Override
    public String meaning() {
      return "uniform in ±scale";
    }

    @Override
    public List<Setting<?>> settings() {
      return List.of(SCALE);
    }

    @Override
    public InitScheme create(Settings settings) {
      return new Uniform(settings.get(SCALE));
    }
  }
}
