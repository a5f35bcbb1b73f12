package dev.lockstep.layer;

import dev.lockstep.kernel.Panels;

/**
 * The matrices that a layer works on for a block of B rows. What a layer does not have is null.
 *
 * @param x inputs, x[B,I]
 * @param w the layer's parameters, one tensor below the other
 * @param y outputs, y[B,O]: overwritten by forward
 * @param scratch kept from forward to backward
 * @param transposed W[I,O] transposed, A[O,I], if the layer {@link Layer#readsTransposed}
 * @param dy gradient of the outputs, dy[B,O]
 * @param dx gradient of the inputs, dx[B,I]: overwritten by backward; null where nobody needs it
 * @param dw gradient of the parameters, like w: overwritten, or gone on with, as the segments say
 * @param stack see {@link dev.lockstep.kernel.MatrixKernels#weightGradient}
 */
public record Operands(
    Panels x,
    Panels w,
    Panels y,
    Panels scratch,
    Panels transposed,
    Panels dy,
    Panels dx,
    Panels dw,
    Panels stack) {
  /** Copies a panel of x[B,I] to y[B,I], where y does not stand in its place already. */
  public void copyInput(Rows rows, int panel) {
    if (!x.equals(y)) {
      int count = rows.count() * Panels.WIDTH;
      System.arraycopy(x.data(), x.panel(panel), y.data(), y.panel(panel), count);
    }
  }
}
