package dev.lockstep.bench;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.openblas.global.openblas;

/**
 * A {@link Product} computed by OpenBLAS in one thread: one sgemm over all rows, plain row-major
 * matrices in memory of their own outside the heap, aligned to cache lines, so that nothing is
 * copied. It adds no bias, cuts no shards and has no padding.
 */
final class Blas {
  /** Its version; {@code OPENBLAS_VERBOSE=2} makes it name the kernels that it chose. */
  static final String VERSION = openblas.OPENBLAS_VERSION.strip();

  private static final String THREADS = "OPENBLAS_NUM_THREADS";
  private static final int ALIGNMENT = 64;

  private final Product product;
  private final FloatPointer x;
  private final FloatPointer y;
  private final FloatPointer w;

  Blas(Product product) {
    if (product.direction() == Direction.TRANSPOSE) {
      throw new IllegalArgumentException("sgemm transposes on its way");
    }
    this.product = product;
    if (!"1".equals(System.getenv(THREADS))) {
      throw new IllegalStateException(THREADS + " must be 1 in the environment");
    }
    x = filled((long) product.rows() * product.inputs());
    y = filled((long) product.rows() * product.outputs());
    w = filled((long) product.inputs() * product.outputs());
  }

  /** Computes the product once. */
  void run() {
    int rows = product.rows();
    int in = product.inputs();
    int out = product.outputs();
    switch (product.direction()) {
      case FORWARD -> gemm(false, false, rows, out, in, x, in, w, out, y, out);
      case WEIGHT_GRADIENT -> gemm(true, false, in, out, rows, x, in, y, out, w, out);
      case INPUT_GRADIENT -> gemm(false, true, rows, in, out, y, out, w, out, x, in);
      case TRANSPOSE -> throw new IllegalStateException();
    }
  }

  private static void gemm(
      boolean isATransposed,
      boolean isBTransposed,
      int m,
      int n,
      int k,
      FloatPointer a,
      int lda,
      FloatPointer b,
      int ldb,
      FloatPointer c,
      int ldc) {
    openblas.cblas_sgemm(
        openblas.CblasRowMajor,
        isATransposed ? openblas.CblasTrans : openblas.CblasNoTrans,
        isBTransposed ? openblas.CblasTrans : openblas.CblasNoTrans,
        m,
        n,
        k,
        1f,
        a,
        lda,
        b,
        ldb,
        0f,
        c,
        ldc);
  }

  private static FloatPointer filled(long size) {
    int bytes = Math.toIntExact(size * Float.BYTES);
    FloatBuffer buffer =
        ByteBuffer.allocateDirect(bytes + ALIGNMENT)
            .alignedSlice(ALIGNMENT)
            .order(ByteOrder.nativeOrder())
            .asFloatBuffer();
    for (int i = 0; i < size; i++) {
      buffer.put(i, ProductRun.fraction(i));
    }
    return new FloatPointer(buffer);
  }
}
