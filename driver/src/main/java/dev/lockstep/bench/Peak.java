package dev.lockstep.bench;

import dev.lockstep.kernel.FmaLoop;
import dev.lockstep.kernel.Kernels;

/** The most GFLOP/s of one core, measured with {@link FmaLoop}. */
public final class Peak {
  private static final int ROUNDS = 2048;
  private static final int PACKS = 4;
  private static final int SHORT_CALLS = 50_000;
  private static final long WARM_UP_NANOS = 200_000_000;

  private final FmaLoop loop;
  private final Repeated repeated;
  private float sum;

  /** With the vectors of some kernels, in measurements of about so many nanoseconds; warmed up. */
  public Peak(Kernels kernels, long nanos) {
    loop = FmaLoop.of(kernels);
    // The compiler boxes vectors in a loop that it replaces while it runs; short calls let it
    // compile the method from its beginning.
    for (int call = 0; call < SHORT_CALLS; call++) {
      sum += loop.run(1);
    }
    Runnable rounds = () -> sum += loop.run(ROUNDS);
    new Repeated(rounds, 1).warmUp(WARM_UP_NANOS);
    repeated = Repeated.lasting(nanos / PACKS, rounds);
  }

  /**
   * Measures once: GFLOP/s, the best of some packs, because the first ones after other work may
   * still see the clock change.
   */
  public double gigaflops() {
    double nanos = Double.MAX_VALUE;
    for (int pack = 0; pack < PACKS; pack++) {
      nanos = Math.min(nanos, repeated.nanos());
    }
    double result = loop.flops() * ROUNDS / nanos;
    if (Float.isNaN(sum)) {
      throw new IllegalStateException("a chain has left the finite numbers");
    }
    return result;
  }
}
