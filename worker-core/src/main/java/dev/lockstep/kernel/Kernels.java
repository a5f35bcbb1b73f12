package dev.lockstep.kernel;

/**
 * The arithmetic of training on {@code float[]}: all that a faster implementation may replace, and
 * none may change by a bit.
 *
 * @param name the name under which it is configured: {@code scalar}, {@code vector128}, …
 * @param matrix products and row sums
 * @param elements element-wise functions
 */
public record Kernels(String name, MatrixKernels matrix, ElementKernels elements) {
  /** Plain Java: the specification, and the fallback where the Vector API is absent. */
  public static final Kernels SCALAR =
      new Kernels("scalar", new ScalarMatrixKernels(), new ScalarElementKernels());
}
