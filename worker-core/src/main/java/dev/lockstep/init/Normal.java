package dev.lockstep.init;

import dev.lockstep.setting.Range;
import dev.lockstep.setting.Setting;
import dev.lockstep.setting.Settings;
import java.util.List;

/**
 * Normal with mean 0 and a given standard deviation, whatever the layer's size.
 *
 * @param deviation 0 or more
 */
public record Normal(double deviation) implements InitScheme {
  private static final Setting<Double> STD =
      Setting.number("std", 0.01, Range.NOT_NEGATIVE, "the standard deviation");

  @Override
  public float[] weights(int in, int out, int tensor, long seed) {
    return Draws.normal(in, out, tensor, seed, deviation);
  }

  /** {@code normal}; 0.01 is the deviation of Krizhevsky, Sutskever and Hinton 2012. */
  public record Kind() implements InitKind {
    @Override
    public String name() {
      return "normal";
    }

    @Override
    public String meaning() {
      return "normal with deviation std";
    }

    @Override
    public List<Setting<?>> settings() {
      return List.of(STD);
    }

    @Override
    public InitScheme create(Settings settings) {
      return new Normal(settings.get(STD));
    }
  }
}
