package dev.lockstep.bench;

import dev.lockstep.bench.Table.Column;
import dev.lockstep.kernel.KernelChoice;
import dev.lockstep.kernel.Kernels;
import dev.lockstep.network.Network;
import dev.lockstep.network.NetworkParser;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Our products against OpenBLAS, one thread each, in the shapes of 784-256-128-64-10: for each
 * shape the two are warmed up equally and then take turns, call by call (small shapes in packs of
 * {@value #PACK_NANOS} ns, since the clock is not sharper), with the peak of the core measured in
 * every turn. Ratios are medians of the ratios within a turn; above 1 we are ahead.
 *
 * <p>Our side is what a step does: blocks of 256 rows, with bias, dW summed shard by shard. The
 * transposition that our input gradient needs comes once a step, whatever the batch; it stands
 * apart and in no ratio.
 *
 * <p>Arguments: sizes of the batch (64 256 1024 without).
 */
public final class BlasDuel {
  private static final long PACK_NANOS = 50_000;
  private static final long PEAK_NANOS = 200_000;
  private static final long WARM_UP_NANOS = 250_000_000;
  private static final int TURNS = 400;
  private static final int OUR_WARM_UP_ROUNDS = 3;

  private BlasDuel() {}

  /** Prints tables. */
  public static void main(String[] args) {
    int[] batches =
        args.length == 0
            ? new int[] {64, 256, 1024}
            : Arrays.stream(args).mapToInt(Integer::parseInt).toArray();
    Kernels kernels = KernelChoice.of("auto").kernels();
    Network network =
        NetworkParser.parse(
            784, List.of("dense 256 relu", "dense 128 relu", "dense 64 relu", "dense 10"));
    Peak peak = new Peak(kernels, PEAK_NANOS);
    System.out.printf("Lockstep with %s; %s%n%n", kernels.name(), Blas.VERSION);
    for (int batch : batches) {
      System.out.println(duel(network, batch, kernels, peak).text());
    }
  }

  private static Table duel(Network network, int batch, Kernels kernels, Peak peak) {
    Table table =
        new Table(
            "Batch %d, one thread: GFLOP/s, medians of %d turns".formatted(batch, TURNS),
            Column.text("product", "product"),
            Column.text("shape", "shape"),
            new Column("ours", "ours_gflops", "%.1f"),
            new Column("of peak", "ours_of_peak", "%.3f"),
            new Column("OpenBLAS", "openblas_gflops", "%.1f"),
            new Column("of peak", "openblas_of_peak", "%.3f"),
            new Column("ours / OpenBLAS", "ratio", "%.3f"),
            new Column("ours, us", "ours_micros", "%.1f"));
    List<Product> products = new ArrayList<>(Product.of(network, batch));
    // What every shape does to the profiles of the compiler, before any is measured.
    for (int round = 0; round < OUR_WARM_UP_ROUNDS; round++) {
      for (Product product : products) {
        Repeated.lasting(PACK_NANOS, new ProductRun(product, kernels.matrix())::run)
            .warmUp(WARM_UP_NANOS / products.size());
      }
    }
    for (Product product : products) {
      Repeated ours = warm(new ProductRun(product, kernels.matrix())::run);
      if (product.direction() == Direction.TRANSPOSE) {
        double[] nanos = new double[TURNS];
        Arrays.setAll(nanos, turn -> ours.nanos());
        double micros = Samples.of(nanos).median() / 1e3;
        table.add(
            product.direction(), product.shape(), null, null, null, null, null, micros);
      } else {
        Repeated theirs = warm(new Blas(product)::run);
        add(table, product, ours, theirs, peak);
      }
    }
    return table;
  }

  private static Repeated warm(Runnable side) {
    Repeated.lasting(PACK_NANOS, side).warmUp(WARM_UP_NANOS);
    return Repeated.lasting(PACK_NANOS, side);
  }

  private static void add(
      Table table, Product product, Repeated ours, Repeated theirs, Peak peak) {
    double[] our = new double[TURNS];
    double[] their = new double[TURNS];
    double[] peaks = new double[TURNS];
    for (int turn = 0; turn < TURNS; turn++) {
      // Who begins alternates too: whoever follows the peak finds the caches as the other left them.
      if (turn % 2 == 0) {
        our[turn] = product.flops() / ours.nanos();
        their[turn] = product.flops() / theirs.nanos();
      } else {
        their[turn] = product.flops() / theirs.nanos();
        our[turn] = product.flops() / ours.nanos();
      }
      peaks[turn] = peak.gigaflops();
    }
    table.add(
        product.direction(),
        product.shape(),
        Samples.of(our).median(),
        Samples.ratios(our, peaks).median(),
        Samples.of(their).median(),
        Samples.ratios(their, peaks).median(),
        Samples.ratios(our, their).median(),
        product.flops() / Samples.of(our).median() / 1e3);
  }
}
