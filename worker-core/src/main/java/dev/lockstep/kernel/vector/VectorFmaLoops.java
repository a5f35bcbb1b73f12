package dev.lockstep.kernel.vector;

import dev.lockstep.kernel.FmaLoop;
import java.util.function.Function;

/** The {@link FmaLoop} of kernels of a given name, {@code vector128} and so on. */
public final class VectorFmaLoops implements Function<String, FmaLoop> {
  @Override
  public FmaLoop apply(String kernel) {
    return VectorKernelsFactory.fmaLoop(kernel);
  }
}
