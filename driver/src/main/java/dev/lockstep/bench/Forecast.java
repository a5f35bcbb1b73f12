package dev.lockstep.bench;

import dev.lockstep.bench.Table.Column;
import dev.lockstep.bench.cost.Cluster;
import dev.lockstep.bench.cost.CostModel;
import dev.lockstep.bench.cost.Scheme;
import dev.lockstep.bench.cost.Wire;
import dev.lockstep.bench.cost.Work;
import dev.lockstep.network.Network;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/** What a {@link CostModel} says of clusters that are not at hand. */
final class Forecast {
  private static final int[] RANKS = {16, 64, 256, 1024};
  private static final double[] GIGABITS = {10, 25};
  private static final int[] BATCHES = {1024, 8192, 65_536};
  private static final int[] UNEVEN_RANKS = {3, 5, 6, 7, 12, 24, 48, 100, 200, 1000};
  private static final int[] SHARDS = {64, 256, 1024};
  private static final int PER_HOST = 8;
  private static final int MANY_EXAMPLES = 16_384;
  private static final double HALF = 0.5;

  private final List<Subject> subjects;

  Forecast(List<Subject> subjects) {
    this.subjects = List.copyOf(subjects);
  }

  /**
   * What is forecast.
   *
   * @param isMeasured whether the constants are the network's own, or those of a smaller one
   */
  record Subject(Network network, CostModel model, boolean isMeasured) {
    Work work(int batch) {
      return Work.of(network.layout(), batch);
    }

    long parameters() {
      return network.layout().parameters();
    }
  }

  /** A scheme, and how ranks lie on hosts. */
  private enum Way {
    /** An executor for each rank, alone on its host. */
    DIRECT("direct", Scheme.DIRECT, 1, 1),
    HALVING("halving", Scheme.HALVING, 1, 1),
    /** An executor for each rank, and some of them share a host's network. */
    CROWDED_DIRECT("direct, %d to a host".formatted(PER_HOST), Scheme.DIRECT, 1, PER_HOST),
    CROWDED_HALVING("halving, %d to a host".formatted(PER_HOST), Scheme.HALVING, 1, PER_HOST),
    /** An executor for all ranks of a host: they merge in memory before anything is sent. */
    HOSTS_DIRECT("host first, direct", Scheme.DIRECT, PER_HOST, 1),
    HOSTS_HALVING("host first, halving", Scheme.HALVING, PER_HOST, 1);

    private final String text;
    private final Scheme scheme;
    private final int ranksEach;
    private final int perHost;

    Way(String text, Scheme scheme, int ranksEach, int perHost) {
      this.text = text;
      this.scheme = scheme;
      this.ranksEach = ranksEach;
      this.perHost = perHost;
    }

    /** Its name in JSON. */
    String key() {
      return name().toLowerCase(Locale.ROOT);
    }

    private Cluster cluster(int ranks, double gigabits) {
      int each = Math.min(ranks, ranksEach);
      return Cluster.of(ranks / each, each, perHost, Wire.gigabits(gigabits));
    }

    boolean isPossible(Work work, int ranks) {
      return scheme.isPossible(work, cluster(ranks, GIGABITS[0]));
    }

    /** Milliseconds of a step that are no computing; null where the scheme cannot. */
    Double coordination(CostModel model, Work work, int ranks, double gigabits) {
      return isPossible(work, ranks)
          ? model.step(work, cluster(ranks, gigabits), scheme).coordination() * 1e3
          : null;
    }

    /** How many times faster than one rank; null where the scheme cannot. */
    Double speedUp(Subject subject, Work work, int ranks, double gigabits) {
      return isPossible(work, ranks)
          ? ranks * subject.model().efficiency(work, cluster(ranks, gigabits), scheme)
          : null;
    }
  }

  private static final List<Way> SHOWN = List.of(Way.DIRECT, Way.HALVING, Way.HOSTS_HALVING);

  /** All of it. */
  List<Table> tables() {
    return List.of(nodes(), coordination(), efficiency(), limits());
  }

  /** How many nodes a rank sends, of which 1 is the least. */
  private Table nodes() {
    List<Column> columns = new ArrayList<>();
    columns.add(new Column("ranks", "ranks", "%,d"));
    for (int shards : SHARDS) {
      columns.add(new Column("V = %d: mean".formatted(shards), "mean_" + shards, "%.2f"));
      columns.add(new Column("most", "most_" + shards, "%d"));
    }
    Table table = table("Nodes that a rank sends where N does not divide V (counted)", columns);
    for (int ranks : UNEVEN_RANKS) {
      List<Object> row = new ArrayList<>();
      row.add(ranks);
      for (int shards : SHARDS) {
        Work work = new Work(subjects.get(0).network().layout(), shards, shards);
        boolean fits = ranks <= shards;
        row.add(fits ? work.meanNodes(ranks) : null);
        row.add(fits ? work.mostNodes(ranks) : null);
      }
      table.add(row.toArray());
    }
    return table;
  }

  /** What comes beside computing; the batch has next to no part in it. */
  private Table coordination() {
    List<Column> columns = new ArrayList<>();
    columns.add(new Column("parameters", "parameters", "%,d"));
    columns.add(new Column("Gbit/s", "gigabits", "%.0f"));
    columns.add(new Column("ranks", "ranks", "%,d"));
    for (Way way : Way.values()) {
      columns.add(new Column(way.text, way.key() + "_millis", "%,.1f"));
    }
    columns.add(new Column("direct, even shares", "even_direct_millis", "%,.1f"));
    columns.add(new Column("wire alone: direct, even shares", "wire_direct_millis", "%,.1f"));
    columns.add(new Column("halving", "wire_halving_millis", "%,.1f"));
    Table table = table("Coordination of a step, ms (predicted)", columns);
    for (Subject subject : subjects) {
      Work work = subject.work(MANY_EXAMPLES);
      for (double gigabits : GIGABITS) {
        for (int ranks : RANKS) {
          List<Object> row = new ArrayList<>(List.of(subject.parameters(), gigabits, ranks));
          for (Way way : Way.values()) {
            row.add(way.coordination(subject.model(), work, ranks, gigabits));
          }
          CostModel wireAlone = subject.model().withoutTransport();
          Work even = work.withEvenShares();
          row.add(Way.DIRECT.coordination(subject.model(), even, ranks, gigabits));
          row.add(Way.DIRECT.coordination(wireAlone, even, ranks, gigabits));
          row.add(Way.HALVING.coordination(wireAlone, work, ranks, gigabits));
          table.add(row.toArray());
        }
      }
    }
    return table;
  }

  /** How much of the ranks' time is well spent. */
  private Table efficiency() {
    List<Column> columns = new ArrayList<>();
    columns.add(new Column("parameters", "parameters", "%,d"));
    columns.add(new Column("batch", "batch", "%,d"));
    columns.add(new Column("alone, ms", "alone_millis", "%,.1f"));
    columns.add(new Column("ranks", "ranks", "%,d"));
    for (double gigabits : GIGABITS) {
      for (Way way : SHOWN) {
        columns.add(
            new Column(
                "%s, %.0f Gbit/s".formatted(way.text, gigabits),
                "%s_%.0f".formatted(way.key(), gigabits),
                "%.3f"));
      }
    }
    Table table = table("Efficiency: speed-up over ranks (predicted)", columns);
    for (Subject subject : subjects) {
      for (int batch : BATCHES) {
        Work work = subject.work(batch);
        double alone = subject.model().alone(work) * 1e3;
        for (int ranks : IntStream.of(RANKS).filter(r -> r <= work.shards()).toArray()) {
          List<Object> row = new ArrayList<>(List.of(subject.parameters(), batch, alone, ranks));
          for (double gigabits : GIGABITS) {
            for (Way way : SHOWN) {
              Double speedUp = way.speedUp(subject, work, ranks, gigabits);
              row.add(speedUp == null ? null : speedUp / ranks);
            }
          }
          table.add(row.toArray());
        }
      }
    }
    return table;
  }

  /** Where more ranks stop paying. */
  private Table limits() {
    List<Column> columns = new ArrayList<>();
    columns.add(new Column("parameters", "parameters", "%,d"));
    columns.add(new Column("batch", "batch", "%,d"));
    columns.add(new Column("shards", "shards", "%,d"));
    columns.add(new Column("Gbit/s", "gigabits", "%.0f"));
    for (Way way : Way.values()) {
      columns.add(Column.text(way.text, way.key()));
    }
    Table table =
        table(
            "Where more ranks stop paying: the most that each do half their work / with which a"
                + " step is fastest (predicted)",
            columns);
    for (Subject subject : subjects) {
      for (int batch : BATCHES) {
        Work work = subject.work(batch);
        for (double gigabits : GIGABITS) {
          List<Object> row =
              new ArrayList<>(List.of(subject.parameters(), batch, work.shards(), gigabits));
          for (Way way : Way.values()) {
            row.add(limit(way, subject, work, gigabits));
          }
          table.add(row.toArray());
        }
      }
    }
    return table;
  }

  /** Over powers of two up to the shards. */
  private static String limit(Way way, Subject subject, Work work, double gigabits) {
    int half = 1;
    int fastest = 1;
    double best = 0;
    for (int ranks = 1; ranks <= work.shards(); ranks *= 2) {
      Double speedUp = way.speedUp(subject, work, ranks, gigabits);
      if (speedUp != null && speedUp >= HALF * ranks) {
        half = ranks;
      }
      if (speedUp != null && speedUp > best) {
        best = speedUp;
        fastest = ranks;
      }
    }
    return "%d / %d".formatted(half, fastest);
  }

  private static Table table(String title, List<Column> columns) {
    return new Table(title, columns.toArray(Column[]::new));
  }
}
