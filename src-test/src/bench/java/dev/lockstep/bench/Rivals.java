package dev.lockstep.bench;

import dev.lockstep.bench.Table.Column;
import dev.lockstep.data.IdxWriter;
import dev.lockstep.data.Split;
import dev.lockstep.data.SyntheticDigits;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Training against LibTorch and against ourselves, in samples a second. Every side is a process of
 * its own that lives through the comparison and waits without work while it is not its turn; all
 * are warmed up until they get no faster, and then take turns. Figures are medians, ratios medians
 * of the ratios within a turn.
 *
 * <p>Arguments: a comparison, then sizes of the batch.
 *
 * <ul>
 *   <li>{@code one 128 1024}: LibTorch with one thread, our reference engine;
 *   <li>{@code two 128 1024 4096}: LibTorch with two threads, our whole run in Spark {@code
 *       local[2]};
 *   <li>{@code ranks 1024}: our whole run with one rank ({@code local[1]}) and with two.
 * </ul>
 *
 * <p>LibTorch stands there twice. {@code autograd} is a training loop as users write it; {@code by
 * hand} has its derivatives written out and the momentum fused into the products. With two threads
 * each also meets {@code OMP_WAIT_POLICY=PASSIVE} in a trial, and the better one goes on.
 */
public final class Rivals {
  private static final int TURNS = 7;
  private static final double SECONDS = 1.5;
  private static final List<String> FORMS = List.of("autograd", "by_hand");

  private final Path directory;

  private Rivals(Path directory) {
    this.directory = directory;
  }

  /** Prints tables. */
  public static void main(String[] args) throws IOException {
    Rivals rivals =
        new Rivals(Path.of(System.getProperty("lockstep.bench", "target/bench")).toAbsolutePath());
    if (args.length == 0) {
      rivals.compare("one", 128, 1024);
      rivals.compare("two", 128, 1024, 4096);
      rivals.compare("ranks", 1024);
    } else {
      int[] batches = new int[args.length - 1];
      for (int i = 0; i < batches.length; i++) {
        batches[i] = Integer.parseInt(args[i + 1]);
      }
      rivals.compare(args[0], batches);
    }
  }

  private void compare(String comparison, int... batches) throws IOException {
    for (int batch : batches) {
      List<RivalProcess> sides = new ArrayList<>();
      try {
        switch (comparison) {
          case "one" -> {
            sides.add(lockstep("Lockstep, local engine", "local", batch));
            for (String form : FORMS) {
              sides.add(torch(form, 1, batch, false));
            }
          }
          case "two" -> {
            sides.add(spark(2, batch));
            for (String form : FORMS) {
              sides.add(betterOf(torch(form, 2, batch, false), torch(form, 2, batch, true)));
            }
          }
          case "ranks" -> {
            sides.add(spark(2, batch));
            sides.add(spark(1, batch));
          }
          default -> throw new IllegalArgumentException(comparison + ": want one, two or ranks");
        }
        System.out.println(takeTurns(batch, sides).text());
      } finally {
        sides.forEach(RivalProcess::close);
      }
    }
  }

  private static Table takeTurns(int batch, List<RivalProcess> sides) throws IOException {
    for (RivalProcess side : sides) {
      side.warmUp(SECONDS);
    }
    double[][] steps = new double[sides.size()][TURNS];
    double[][] whole = new double[sides.size()][TURNS];
    for (int turn = 0; turn < TURNS; turn++) {
      for (int i = 0; i < sides.size(); i++) {
        Speed speed = sides.get(i).run(SECONDS);
        steps[i][turn] = speed.steps();
        whole[i][turn] = speed.whole();
      }
    }
    Table table =
        new Table(
            "Batch %d, samples/s, medians of %d turns".formatted(batch, TURNS),
            Column.text("side", "side"),
            new Column("steps alone", "samples_per_second", "%,.0f"),
            new Column("all of training", "samples_per_second_whole", "%,.0f"),
            new Column("least", "least", "%,.0f"),
            new Column("most", "most", "%,.0f"),
            new Column("first / this, steps", "ratio", "%.2f"),
            new Column("first / this, all", "ratio_whole", "%.2f"));
    for (int i = 0; i < sides.size(); i++) {
      Samples samples = Samples.of(steps[i]);
      table.add(
          sides.get(i).name(),
          samples.median(),
          Samples.of(whole[i]).median(),
          samples.min(),
          samples.max(),
          Samples.ratios(steps[0], steps[i]).median(),
          Samples.ratios(whole[0], whole[i]).median());
    }
    return table;
  }

  /** The faster of two after equal warm-up; the other is ended. */
  private static RivalProcess betterOf(RivalProcess one, RivalProcess other) throws IOException {
    one.warmUp(SECONDS);
    other.warmUp(SECONDS);
    boolean isOne = one.run(SECONDS).steps() >= other.run(SECONDS).steps();
    (isOne ? other : one).close();
    return isOne ? one : other;
  }

  private RivalProcess spark(int ranks, int batch) throws IOException {
    String master = "local[%d]".formatted(ranks);
    return lockstep(
        "Lockstep, Spark " + master, "spark", master, batch, writeData(directory.resolve("data")));
  }

  private static RivalProcess lockstep(String name, Object... args) throws IOException {
    return new RivalProcess(name, Map.of("SPARK_LOCAL_IP", "127.0.0.1"), words(args));
  }

  private RivalProcess torch(String form, int threads, int batch, boolean isPassive)
      throws IOException {
    String name =
        "LibTorch, %s, %d thread%s%s"
            .formatted(
                form.replace('_', ' '),
                threads,
                threads == 1 ? "" : "s",
                isPassive ? ", passive waiting" : "");
    Map<String, String> environment =
        new HashMap<>(
            Map.of(
                "DJL_CACHE_DIR",
                directory.resolve("djl").toString(),
                "DJL_OFFLINE",
                "true",
                "OPT_OUT_TRACKING",
                "true"));
    if (isPassive) {
      environment.put("OMP_WAIT_POLICY", "PASSIVE");
    }
    return new RivalProcess(name, environment, words("torch", form, threads, batch, false, true));
  }

  private static String[] words(Object... args) {
    String[] words = new String[args.length];
    for (int i = 0; i < args.length; i++) {
      words[i] = String.valueOf(args[i]);
    }
    return words;
  }

  /** The digits as files, which are read faster than they are drawn. */
  private static Path writeData(Path directory) throws IOException {
    Path done = directory.resolve("t10k-labels-idx1-ubyte");
    if (!Files.exists(done)) {
      Files.createDirectories(directory);
      write(directory, "train", new SyntheticDigits(Side.EXAMPLES, 1, Split.TRAIN));
      write(directory, "t10k", new SyntheticDigits(Side.EXAMPLES, 1, Split.TEST));
    }
    return directory;
  }

  private static void write(Path directory, String prefix, SyntheticDigits digits)
      throws IOException {
    try (OutputStream images = open(directory, prefix + "-images-idx3-ubyte");
        OutputStream labels = open(directory, prefix + "-labels-idx1-ubyte")) {
      IdxWriter.write(digits, images, labels);
    }
  }

  private static OutputStream open(Path directory, String name) throws IOException {
    return new BufferedOutputStream(Files.newOutputStream(directory.resolve(name)), 1 << 16);
  }
}
