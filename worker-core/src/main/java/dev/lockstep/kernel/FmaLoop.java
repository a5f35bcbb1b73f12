package dev.lockstep.kernel;

import java.util.function.Function;

/**
 * A loop of fused multiply-adds that touches no memory: what it reaches is the peak of a core for
 * vectors of its width, and the measure of every product.
 */
public interface FmaLoop {
  /** Chains that run side by side: enough to hide the latency of two units, few enough to fit. */
  int CHAINS = 12;

  /** Plain Java, one {@link Math#fma} at a time. */
  FmaLoop SCALAR = new ScalarFmaLoop();

  /** Goes round so often; what it returns depends on every operation. */
  float run(int rounds);

  /** Floating-point operations of a round, a multiply-add being two. */
  long flops();

  /** The loop with the vectors of some kernels. */
  @SuppressWarnings("unchecked")
  static FmaLoop of(Kernels kernels) {
    if (kernels.name().equals(Kernels.SCALAR.name())) {
      return SCALAR;
    }
    // By name, as KernelChoice does: the class does not link where the vector module is absent.
    String maker = FmaLoop.class.getPackageName() + ".vector.VectorFmaLoops";
    try {
      Function<String, FmaLoop> loops =
          Class.forName(maker).asSubclass(Function.class).getDeclaredConstructor().newInstance();
      return loops.apply(kernels.name());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("cannot load " + maker, e);
    }
  }
}
