package dev.lockstep.optimizer;

import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * A bound on the mean gradient, before anything is added to it or done with it.
 *
 * @param mode what is bounded
 * @param bound above 0; not read where nothing is
 */
public record Clipping(Mode mode, float bound) implements Serializable {
  /** No bound. */
  public static final Clipping NONE = new Clipping(Mode.NONE, 1);

  /** What is bounded. */
  public enum Mode {
    /** Nothing. */
    NONE,
    /** Every element: {@code g = max(-bound, min(g, bound))}. */
    VALUE,
    /** The gradient of each layer by itself: {@code g = g bound / |g|} where |g| is above bound. */
    NORM,
    /**
     * The whole gradient: {@code g = g bound / |g|} where |g| is above bound (Pascanu, Mikolov and
     * Bengio, "On the difficulty of training recurrent neural networks", 2013, algorithm 1).
     * PyTorch's {@code clip_grad_norm_} adds 1e-6 to the norm; this does not.
     */
    GLOBAL_NORM;

    /** The name in configurations: {@code global-norm}. */
    public String configName() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The names in configurations. */
    public static List<String> names() {
      return Arrays.stream(values()).map(Mode::configName).toList();
    }
  }

  public Clipping {
    if (!(bound > 0 && bound <= Float.MAX_VALUE)) {
      throw new IllegalArgumentException("clip.bound = %s: want above 0".formatted(bound));
    }
  }

  /** Whether norms must be known before anything can be updated. */
  public boolean needsNorms() {
    return mode == Mode.NORM || mode == Mode.GLOBAL_NORM;
  }

  /** What a gradient is to be multiplied by, given the sum of squares that counts for it. */
  public float factor(double squares) {
    double norm = Math.sqrt(squares);
    return needsNorms() && norm > bound ? (float) (bound / norm) : 1f;
  }

  /** Bounds the elements [from, to), where those are bounded. */
  public void apply(float factor, float[] g, int from, int to) {
    if (mode == Mode.VALUE) {
      for (int i = from; i < to; i++) {
        g[i] = Math.max(-bound, Math.min(g[i], bound));
      }
    } else if (factor != 1f) {
      for (int i = from; i < to; i++) {
        g[i] *= factor;
      }
    }
  }
}
