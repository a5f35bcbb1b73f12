package dev.lockstep.init;

import dev.lockstep.setting.Range;
import dev.lockstep.setting.Setting;
import dev.lockstep.setting.Settings;
import java.util.List;

/**
 * Random weights whose variance keeps that of signals through a layer: {@code gain^2 share / fan},
 * uniform in ±sqrt(3 variance) or normal.
 *
 * @param share 2 where half of the units is silent, or where the fan is a sum; otherwise 1
 * @param fan which connections of a unit count
 * @param isNormal false for the uniform distribution
 * @param gain what a user multiplies the weights by, 0 or more
 */
public record VarianceScaling(double share, Fan fan, boolean isNormal, double gain)
    implements InitScheme {
  /** The connections that count. */
  public enum Fan {
    /** I. */
    IN,
    /** I + O. */
    SUM
  }

  @Override
  public float[] weights(int in, int out, int tensor, long seed) {
    double connections = fan == Fan.IN ? in : (double) in + out;
    return isNormal
        ? Draws.normal(in, out, tensor, seed, gain * Math.sqrt(share / connections))
        : Draws.uniform(in, out, tensor, seed, gain * Math.sqrt(3 * share / connections));
  }

  /** A kind of it that has a name of its own. */
  private abstract static class Named implements InitKind {
    private static final Setting<Double> GAIN =
        Setting.number("gain", 1, Range.NOT_NEGATIVE, "what all weights are multiplied by");

    private final String name;
    private final String meaning;
    private final double share;
    private final Fan fan;
    private final boolean isNormal;

    Named(String name, String meaning, double share, Fan fan, boolean isNormal) {
      this.name = name;
      this.meaning = meaning;
      this.share = share;
      this.fan = fan;
      this.isNormal = isNormal;
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public String meaning() {
      return meaning;
    }

    @Override
    public List<Setting<?>> settings() {
      return List.of(GAIN);
    }

    @Override
    public InitScheme create(Settings settings) {
      return new VarianceScaling(share, fan, isNormal, settings.get(GAIN));
    }
  }

  /** He et al. 2015, "Delving deep into rectifiers", equation 10. */
  public static final class HeUniform extends Named {
    /** For configurations. */
    public HeUniform() {
      super("he-uniform", "uniform in ±gain sqrt(6 / I)", 2, Fan.IN, false);
    }
  }

  /** He et al. 2015, "Delving deep into rectifiers", equation 10. */
  public static final class HeNormal extends Named {
    /** For configurations. */
    public HeNormal() {
      super("he-normal", "normal with variance gain^2 2 / I", 2, Fan.IN, true);
    }
  }

  /**
   * Glorot and Bengio 2010, "Understanding the difficulty of training deep feedforward neural
   * networks", equation 16.
   */
  public static final class XavierUniform extends Named {
    /** For configurations. */
    public XavierUniform() {
      super("xavier-uniform", "uniform in ±gain sqrt(6 / (I + O))", 2, Fan.SUM, false);
    }
  }

  /** Glorot and Bengio 2010, equation 12. */
  public static final class XavierNormal extends Named {
    /** For configurations. */
    public XavierNormal() {
      super("xavier-normal", "normal with variance gain^2 2 / (I + O)", 2, Fan.SUM, true);
    }
  }

  /** LeCun, Bottou, Orr and Müller 1998, "Efficient backprop", section 4.6, equation 16. */
  public static final class LecunUniform extends Named {
    /** For configurations. */
    public LecunUniform() {
      super("lecun-uniform", "uniform in ±gain sqrt(3 / I)", 1, Fan.IN, false);
    }
  }

  /**
   * LeCun et al. 1998, equation 16; what self-normalising networks of SELU want (Klambauer et al.
   * 2017).
   */
  public static final class LecunNormal extends Named {
    /** For configurations. */
    public LecunNormal() {
      super("lecun-normal", "normal with variance gain^2 / I", 1, Fan.IN, true);
    }
  }
}
