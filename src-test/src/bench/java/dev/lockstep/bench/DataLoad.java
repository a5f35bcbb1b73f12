package dev.lockstep.bench;

import dev.lockstep.bench.Table.Column;
import dev.lockstep.data.BatchPlan;
import dev.lockstep.data.ExampleSource;
import dev.lockstep.data.IdxWriter;
import dev.lockstep.data.Shard;
import dev.lockstep.data.ShardRoom;
import dev.lockstep.data.Split;
import dev.lockstep.data.SyntheticDigits;
import dev.lockstep.source.DataSets;
import dev.lockstep.spark.EarlyShards;
import dev.lockstep.storage.Location;
import dev.lockstep.storage.Storage;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.FutureTask;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.hdfs.HdfsConfiguration;
import org.apache.hadoop.hdfs.MiniDFSCluster;

/**
 * Reading 60,000 IDX images into shards, against reading the bytes of their file in one go, from
 * this machine's disk (its page cache) and from an HDFS of two data nodes on the loopback
 * interface. Sides take turns; figures are medians, shares medians of the shares within a turn.
 *
 * <p>An argument changes the number of turns.
 */
public final class DataLoad {
  private static final int EXAMPLES = 60_000;
  private static final int CLASSES = 10;
  private static final int BATCH = 1024;
  private static final int RANKS = 2;
  private static final int PIECE = 1 << 18;
  private static final int WARM_UP = 10;
  private static final double MEGA = 1e6;
  private static final String IMAGES = "train-images-idx3-ubyte";
  private static final String LABELS = "train-labels-idx1-ubyte";

  private DataLoad() {}

  /** Prints tables. */
  public static void main(String[] args) throws Exception {
    int turns = args.length == 0 ? 31 : Integer.parseInt(args[0]);
    Path directory =
        Path.of(System.getProperty("lockstep.bench", "target/bench"), "load").toAbsolutePath();
    compare("local disk", directory.resolve("disk").toUri().toString(), turns);
    Configuration hadoop = new HdfsConfiguration();
    hadoop.set(MiniDFSCluster.HDFS_MINIDFS_BASEDIR, directory.resolve("hdfs").toString());
    try (MiniDFSCluster cluster =
        new MiniDFSCluster.Builder(hadoop).numDataNodes(RANKS).build()) {
      cluster.waitActive();
      compare("HDFS", cluster.getURI() + "/load", turns);
    }
  }

  private static void compare(String place, String root, int turns) throws Exception {
    for (String suffix : List.of("", ".gz")) {
      String uri = root + (suffix.isEmpty() ? "/plain" : "/gzip");
      Storage storage = write(uri, suffix);
      Map<String, Reading> sides = sides(uri, storage, IMAGES + suffix);
      double[][] millis = new double[sides.size()][turns];
      for (int turn = -WARM_UP; turn < turns; turn++) {
        int side = 0;
        for (Reading reading : sides.values()) {
          long start = System.nanoTime();
          reading.run();
          if (turn >= 0) {
            millis[side][turn] = (System.nanoTime() - start) / MEGA;
          }
          side++;
        }
      }
      String title =
          "%s, %s, %.1f MB, medians of %d turns"
              .formatted(
                  place,
                  suffix.isEmpty() ? "plain" : "gzip",
                  storage.length(IMAGES + suffix) / MEGA,
                  turns);
      System.out.println(table(title, List.copyOf(sides.keySet()), millis).text());
    }
  }

  private static Storage write(String uri, String suffix) throws IOException {
    Storage storage = Storage.at(new Location(uri));
    if (!storage.exists(LABELS + suffix)) {
      try (OutputStream images = create(storage, IMAGES + suffix);
          OutputStream labels = create(storage, LABELS + suffix)) {
        IdxWriter.write(new SyntheticDigits(EXAMPLES, 1, Split.TRAIN), images, labels);
      }
    }
    return storage;
  }

  private static OutputStream create(Storage storage, String name) throws IOException {
    OutputStream out = new BufferedOutputStream(storage.create(name), PIECE);
    return name.endsWith(".gz") ? new GZIPOutputStream(out, PIECE) : out;
  }

  /** What is compared; the first is what the others are a share of. */
  private static Map<String, Reading> sides(String uri, Storage storage, String images)
      throws IOException {
    ExampleSource source = DataSets.open(uri, Split.TRAIN);
    BatchPlan plan = new BatchPlan(EXAMPLES, BATCH, BatchPlan.autoShards(BATCH), 1, true);
    Map<String, Reading> sides = new LinkedHashMap<>();
    sides.put("the bytes of the images, in pieces of 256 KB", () -> drain(storage.open(images)));
    if (images.endsWith(".gz")) {
      sides.put(
          "the same, unzipped", () -> drain(new GZIPInputStream(storage.open(images), PIECE)));
    }
    sides.put(
        "all shards, as a local master reads them",
        () -> {
          try (EarlyShards early = EarlyShards.begin(source, plan, CLASSES, ShardRoom.HEAP)) {
            early.await();
          }
        });
    sides.put("two ranks at once, each its own shards", () -> readRanks(source, plan));
    sides.put(
        "all shards, one thread", () -> Shard.read(source, plan, 0, plan.shards(), CLASSES));
    return sides;
  }

  private static void drain(InputStream from) throws IOException {
    byte[] piece = new byte[PIECE];
    try (from) {
      while (from.read(piece) >= 0) {
        // Nothing is done with it.
      }
    }
  }

  private static void readRanks(ExampleSource source, BatchPlan plan) throws Exception {
    List<FutureTask<List<Shard>>> ranks = new ArrayList<>();
    for (int rank = 0; rank < RANKS; rank++) {
      int from = plan.shards() * rank / RANKS;
      int to = plan.shards() * (rank + 1) / RANKS;
      ranks.add(new FutureTask<>(() -> Shard.read(source, plan, from, to, CLASSES)));
    }
    ranks.forEach(rank -> new Thread(rank).start());
    for (FutureTask<List<Shard>> rank : ranks) {
      rank.get();
    }
  }

  private static Table table(String title, List<String> names, double[][] millis) {
    Table table =
        new Table(
            title,
            Column.text("side", "side"),
            new Column("ms", "millis", "%.1f"),
            new Column("least", "least", "%.1f"),
            new Column("most", "most", "%.1f"),
            new Column("share of the first", "share", "%.2f"));
    for (int side = 0; side < millis.length; side++) {
      Samples samples = Samples.of(millis[side]);
      table.add(
          names.get(side),
          samples.median(),
          samples.min(),
          samples.max(),
          Samples.ratios(millis[0], millis[side]).median());
    }
    return table;
  }

  /** One of those that are compared. */
  private interface Reading {
    void run() throws Exception;
  }
}
