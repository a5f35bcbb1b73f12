package dev.lockstep.bench;

import dev.lockstep.bench.Table.Column;
import dev.lockstep.kernel.Kernels;
import dev.lockstep.network.Network;
import java.util.ArrayList;
import java.util.List;

/**
 * The products of a network in one thread, against the roofline of a core (Williams, Waterman and
 * Patterson 2009): its peak of fused multiply-adds, and its bandwidth times operations a byte. The
 * peak is measured anew beside every product, and the share of peak is a median of such pairs.
 */
public final class KernelBench {
  private static final long PACK_NANOS = 200_000;
  private static final long MIN_NANOS = 20_000_000;
  private static final int MIN_TURNS = 5;

  /** Well within the second-level cache, where a block's operands lie. */
  private static final long CACHE_BYTES = 768 << 10;

  /** Well beyond every cache. */
  private static final long MEMORY_BYTES = 384L << 20;

  private KernelBench() {}

  /**
   * Measures.
   *
   * @param batches for each of them all products of the network are measured
   * @param seconds how long all of it is to take, about
   */
  public static Report run(
      Network network, List<Integer> batches, Kernels kernels, double seconds) {
    List<List<Product>> products = batches.stream().map(b -> Product.of(network, b)).toList();
    int count = products.stream().mapToInt(List::size).sum();
    long nanos = Math.max(MIN_NANOS, (long) (seconds * 1e9 / count / 2));
    warmUp(products, kernels, nanos / 4);
    Peak peak = new Peak(kernels, PACK_NANOS);
    double cache = Bandwidth.gigabytesPerSecond(CACHE_BYTES);
    double memory = Bandwidth.gigabytesPerSecond(MEMORY_BYTES);
    List<Table> tables = new ArrayList<>();
    List<Double> peaks = new ArrayList<>();
    for (int i = 0; i < batches.size(); i++) {
      Table table = table("One thread, batch %d".formatted(batches.get(i)));
      for (Product product : products.get(i)) {
        add(table, product, kernels, peak, peaks, cache, memory, nanos);
      }
      tables.add(table);
    }
    tables.add(0, roofs(Samples.of(peaks.stream().mapToDouble(p -> p).toArray()), cache, memory));
    return new Report(kernels.name(), tables);
  }

  /** What every shape does to the profiles of the compiler, before any of them is measured. */
  private static void warmUp(List<List<Product>> products, Kernels kernels, long nanos) {
    for (List<Product> batch : products) {
      for (Product product : batch) {
        Repeated.lasting(PACK_NANOS, new ProductRun(product, kernels.matrix())::run).warmUp(nanos);
      }
    }
  }

  private static Table roofs(Samples peak, double cache, double memory) {
    Table table =
        new Table(
            "The roofs of one core",
            Column.text("roof", "roof"),
            new Column("median", "median", "%.1f"),
            new Column("best", "best", "%.1f"),
            Column.text("unit", "unit"));
    table.add("fused multiply-adds in registers", peak.median(), peak.max(), "GFLOP/s");
    table.add("bandwidth, %d KB".formatted(CACHE_BYTES >> 10), null, cache, "GB/s");
    table.add("bandwidth, %d MB".formatted(MEMORY_BYTES >> 20), null, memory, "GB/s");
    return table;
  }

  private static Table table(String title) {
    return new Table(
        title,
        Column.text("product", "product"),
        Column.text("shape", "shape"),
        new Column("MFLOP", "megaflop", "%.2f"),
        new Column("KB", "kilobytes", "%.0f"),
        new Column("FLOP/B", "intensity", "%.1f"),
        new Column("us, median", "micros", "%.1f"),
        new Column("best", "micros_best", "%.1f"),
        new Column("GFLOP/s", "gflops", "%.1f"),
        new Column("best", "gflops_best", "%.1f"),
        new Column("of peak", "of_peak", "%.3f"),
        new Column("GB/s", "gigabytes_per_second", "%.1f"),
        new Column("bound, cache", "bound_cache", "%.0f"),
        new Column("bound, memory", "bound_memory", "%.0f"));
  }

  private static void add(
      Table table,
      Product product,
      Kernels kernels,
      Peak peak,
      List<Double> peaks,
      double cache,
      double memory,
      long nanos) {
    Runnable run = new ProductRun(product, kernels.matrix())::run;
    Repeated.lasting(PACK_NANOS, run).warmUp(nanos);
    Repeated repeated = Repeated.lasting(PACK_NANOS, run);
    List<Double> times = new ArrayList<>();
    List<Double> shares = new ArrayList<>();
    long end = System.nanoTime() + nanos;
    while (System.nanoTime() < end || times.size() < MIN_TURNS) {
      double time = repeated.nanos();
      double height = peak.gigaflops();
      times.add(time);
      peaks.add(height);
      shares.add(product.flops() / time / height);
    }
    Samples time = Samples.of(times.stream().mapToDouble(t -> t).toArray());
    boolean computes = product.flops() > 0;
    double roof = Samples.of(peaks.stream().mapToDouble(p -> p).toArray()).median();
    table.add(
        product.direction(),
        product.shape(),
        product.flops() / 1e6,
        product.bytes() / 1e3,
        product.intensity(),
        time.median() / 1e3,
        time.min() / 1e3,
        computes ? product.flops() / time.median() : null,
        computes ? product.flops() / time.min() : null,
        computes ? Samples.of(shares.stream().mapToDouble(s -> s).toArray()).median() : null,
        product.bytes() / time.median(),
        computes ? product.bound(roof, cache) : null,
        computes ? product.bound(roof, memory) : null);
  }
}
