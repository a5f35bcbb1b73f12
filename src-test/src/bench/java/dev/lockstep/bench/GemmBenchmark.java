package dev.lockstep.bench;

import dev.lockstep.kernel.KernelChoice;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The products of 784-256-128-64-10, ours and OpenBLAS's, in one thread. JMH measures one side after
 * the other; for ratios see {@link BlasDuel}, where they take turns.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class GemmBenchmark {
  /** Rows. */
  @Param({"64", "256", "1024"})
  public int batch;

  /** Inputs and outputs of a layer. */
  @Param({"784x256", "256x128", "128x64", "64x10"})
  public String layer;

  /** What is computed. */
  @Param({"FORWARD", "WEIGHT_GRADIENT", "INPUT_GRADIENT"})
  public Direction direction;

  private ProductRun ours;
  private Blas openBlas;

  /** Makes the operands. */
  @Setup
  public void prepare() {
    int x = layer.indexOf('x');
    Product product =
        new Product(
            direction,
            batch,
            Integer.parseInt(layer.substring(0, x)),
            Integer.parseInt(layer.substring(x + 1)));
    ours = new ProductRun(product, KernelChoice.of("auto").kernels().matrix());
    openBlas = new Blas(product);
  }

  /** Our kernels, as a step calls them. */
  @Benchmark
  public void lockstep() {
    ours.run();
  }

  /** One sgemm. */
  @Benchmark
  public void openBlas() {
    openBlas.run();
  }
}
