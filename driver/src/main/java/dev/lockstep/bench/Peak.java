package dev.lockstep.bench;

import dev.lockstep.kernel.FmaLoop;
import dev.lockstep.kernel.Kernels;

/** The most GFLOP/s of one core, measured with {@link FmaLoop}. */
public final class Peak {
  private static final int ROUNDS = 2048;

  private final FmaLoop loop;
  private final Repeated repeated;
  private float sum;

  /** With the vectors of some kernels, in measurements of about so many nanoseconds; warmed up. */
  public Peak(Kernels kernels, long nanos) {
    loop = FmaLoop.of(kernels);
    Runnable rounds = () -> sum += loop.run(ROUNDS);
    Repeated.lasting(nanos, rounds).warmUp(50 * nanos);
    repeated = Repeated.lasting(nanos, rounds);
  }

  /** Measures once: GFLOP/s. */
  public double gigaflops() {
    double result = loop.flops() * ROUNDS / repeated.nanos();
    if (Float.isNaN(sum)) {
      throw new IllegalStateException("a chain has left the finite numbers");
    }
    return result;
  }
}
