package dev.lockstep.optimizer;

import java.io.Serializable;

/**
 * What keeps weights small. It acts on weights alone, not on biases or other vectors, and after
 * clipping; the loss that is reported is that of the data alone.
 *
 * @param l1 adds {@code l1 sum |w|} to the loss: {@code g = g + l1 sign(w)}, 0 at 0
 * @param l2 adds {@code l2/2 sum w^2} to the loss: {@code g = g + l2 w}; what PyTorch's optimisers
 *     call {@code weight_decay}, except AdamW's
 * @param weightDecay shrinks weights beside the optimiser, {@code w = w (1 - rate weightDecay)},
 *     before its update (Loshchilov and Hutter, "Decoupled Weight Decay Regularization", 2019,
 *     algorithms 1 and 2; with the rate as PyTorch's AdamW has it)
 * @param maxNorm the largest norm of the weights that lead into a unit, after the update
 *     (Srivastava et al., "Dropout", 2014, section 5.1); 0 for no bound
 */
public record Penalties(float l1, float l2, float weightDecay, float maxNorm)
    implements Serializable {
  /** None of them. */
  public static final Penalties NONE = new Penalties(0, 0, 0, 0);

  public Penalties {
    check("regularization.l1", l1);
    check("regularization.l2", l2);
    check("regularization.weight-decay", weightDecay);
    check("regularization.max-norm", maxNorm);
  }

  private static void check(String name, float value) {
    if (!(value >= 0 && value <= Float.MAX_VALUE)) {
      throw new IllegalArgumentException("%s = %s: want 0 or more".formatted(name, value));
    }
  }

  /** Adds to the gradient of the weights [from, to); after clipping. */
  public void addTo(float[] g, float[] w, int from, int to) {
    if (l2 != 0) {
      for (int i = from; i < to; i++) {
        g[i] = Math.fma(l2, w[i], g[i]);
      }
    }
    if (l1 != 0) {
      for (int i = from; i < to; i++) {
        g[i] = Math.fma(l1, Math.signum(w[i]), g[i]);
      }
    }
  }

  /** Shrinks the weights [from, to); before the optimiser. */
  public void decay(float rate, float[] w, int from, int to) {
    if (weightDecay != 0) {
      float keep = (float) (1.0 - (double) rate * weightDecay);
      for (int i = from; i < to; i++) {
        w[i] *= keep;
      }
    }
  }
}
