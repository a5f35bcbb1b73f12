package dev.lockstep.bench.cost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.gradient.Node;
import dev.lockstep.gradient.NodeSum;
import dev.lockstep.gradient.PartialSums;
import dev.lockstep.network.NetworkParser;
import dev.lockstep.network.ParameterLayout;
import dev.lockstep.network.Slice;
import dev.lockstep.spark.SparkShards;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Counts against exchanges that are carried out, node by node. */
class SchemeTest {
  private static final ParameterLayout LAYOUT =
      NetworkParser.parse(200, List.of("dense 300 relu", "dense 200 relu", "dense 10")).layout();

  private static Cluster cluster(int executors, int ranks, int perHost) {
    return Cluster.of(executors, ranks, perHost, Wire.gigabits(10));
  }

  /** An exchange that is carried out; every array is as long as the real one. */
  private static final class Played {
    final Cluster cluster;
    final long[] out;
    final long[] in;
    final long[] hostOut;
    final long[] hostIn;
    final int[] frames;

    Played(Cluster cluster) {
      this.cluster = cluster;
      out = new long[cluster.executors()];
      in = new long[cluster.executors()];
      hostOut = new long[cluster.hosts()];
      hostIn = new long[cluster.hosts()];
      frames = new int[cluster.executors()];
    }

    void send(int from, int to, long floats) {
      frames[from]++;
      out[from] += floats;
      in[to] += floats;
      if (cluster.host(from) != cluster.host(to)) {
        hostOut[cluster.host(from)] += floats;
        hostIn[cluster.host(to)] += floats;
      }
    }

    private static long most(long[] a, long[] b) {
      return 4 * IntStream.range(0, a.length).mapToLong(i -> Math.max(a[i], b[i])).max().orElse(0);
    }

    void assertIs(Phase phase) {
      assertThat(frames).containsOnly(phase.frames());
      assertThat(most(out, in)).isEqualTo(phase.bytes());
      assertThat(most(hostOut, hostIn)).isEqualTo(phase.hostBytes());
    }
  }

  private static float value(int shard) {
    return (float) (new SplittableRandom(shard).nextDouble() - 0.5);
  }

  /** The sums of some shards over a run of floats, as a rank has them. */
  private static PartialSums sums(Work work, int part, int parts, int from, int to) {
    PartialSums sums = new PartialSums(work.shards(), from, to);
    int end = SparkShards.firstShard(part + 1, parts, work.shards());
    for (int s = SparkShards.firstShard(part, parts, work.shards()); s < end; s++) {
      float[] gradient = new float[to - from];
      Arrays.fill(gradient, value(s));
      sums.add(new Node(0, s), new NodeSum(from, gradient, 0, 1));
    }
    return sums;
  }

  private static float total(Work work) {
    PartialSums all = sums(work, 0, 1, 0, 1);
    return all.total().gradient()[0];
  }

  /** The run of floats that ranks of an executor own. */
  private static int[] run(Work work, Cluster cluster, int executor) {
    List<Slice> slices = new ArrayList<>();
    for (int r = 0; r < cluster.ranks(); r++) {
      slices.addAll(work.layout().slicesOf(executor * cluster.ranks() + r, cluster.totalRanks()));
    }
    return slices.isEmpty()
        ? new int[2]
        : new int[] {slices.get(0).offset(), slices.get(slices.size() - 1).end()};
  }

  @ParameterizedTest
  @CsvSource({
    "1, 1, 1, 8",
    "1, 4, 1, 8",
    "2, 1, 1, 8",
    "3, 1, 3, 64",
    "5, 2, 2, 64",
    "7, 3, 4, 100",
    "8, 1, 4, 8",
    "16, 1, 4, 256",
    "12, 1, 5, 256",
    "6, 8, 1, 48",
    "50, 1, 8, 1000"
  })
  void directIsWhatOwnersAreSent(int executors, int ranks, int perHost, int shards) {
    Work work = new Work(LAYOUT, shards, shards);
    Cluster cluster = cluster(executors, ranks, perHost);
    Played sums = new Played(cluster);
    Played parameters = new Played(cluster);
    for (int owner = 0; owner < executors; owner++) {
      int[] run = run(work, cluster, owner);
      int length = run[1] - run[0];
      PartialSums merged = new PartialSums(shards, 0, 1);
      for (int e = 0; e < executors; e++) {
        Map<Node, NodeSum> nodes = sums(work, e, executors, 0, 1).nodes();
        if (e != owner) {
          sums.send(e, owner, (long) nodes.size() * length);
          parameters.send(owner, e, length);
        }
        merged.addAll(nodes);
      }
      assertThat(merged.total().gradient()[0]).isEqualTo(total(work));
    }
    List<Phase> phases = Scheme.DIRECT.phases(work, cluster);
    assertThat(phases).hasSize(2);
    sums.assertIs(phases.get(0));
    parameters.assertIs(phases.get(1));
    assertThat(phases.get(0).additions()).isEqualTo(mostAdditions(work, cluster));
  }

  /** Each merge of two nodes adds as many floats as the run has; counted rank by rank. */
  private static long mostAdditions(Work work, Cluster cluster) {
    long most = 0;
    for (int e = 0; e < cluster.executors(); e++) {
      long before = 0;
      for (int r = 0; r < cluster.ranks(); r++) {
        before += sums(work, e * cluster.ranks() + r, cluster.totalRanks(), 0, 1).nodes().size();
      }
      long after = sums(work, e, cluster.executors(), 0, 1).nodes().size();
      int[] run = run(work, cluster, e);
      long sent = (before - after) * (work.floats() - (run[1] - run[0])) / cluster.ranks();
      long nodes = before;
      for (int other = 0; other < cluster.executors(); other++) {
        nodes += other == e ? 0 : sums(work, other, cluster.executors(), 0, 1).nodes().size();
      }
      for (int r = 0; r < cluster.ranks(); r++) {
        long own = work.owned(e * cluster.ranks() + r, cluster.totalRanks());
        most = Math.max(most, sent + (nodes - 1) * own);
      }
    }
    return most;
  }

  @ParameterizedTest
  @CsvSource({"2, 1, 1, 2", "4, 1, 2, 64", "8, 2, 1, 64", "16, 1, 8, 256", "32, 1, 8, 1024"})
  void halvingEndsInTheBitsOfTheCanonicalTree(int executors, int ranks, int perHost, int shards) {
    Work work = new Work(LAYOUT, shards, shards);
    Cluster cluster = cluster(executors, ranks, perHost);
    List<Phase> phases = Scheme.HALVING.phases(work, cluster);
    int rounds = Integer.numberOfTrailingZeros(executors);
    assertThat(phases).hasSize(2 * rounds);

    // held[e][o]: what e has summed so far of the slices of o; null once it has given them away.
    PartialSums[][] held = new PartialSums[executors][executors];
    for (int e = 0; e < executors; e++) {
      for (int o = 0; o < executors; o++) {
        held[e][o] = sums(work, e, executors, 0, 1);
      }
    }
    for (int round = 0; round < rounds; round++) {
      Played played = new Played(cluster);
      PartialSums[][] next = new PartialSums[executors][executors];
      for (int e = 0; e < executors; e++) {
        int partner = e ^ (1 << round);
        long floats = 0;
        for (int o = 0; o < executors; o++) {
          boolean isMine = (o - e) % (2 << round) == 0;
          if (held[e][o] != null && isMine) {
            next[e][o] = held[e][o].copyOf(0, 1).merge(held[partner][o].copyOf(0, 1));
          } else if (held[e][o] != null) {
            int[] run = run(work, cluster, o);
            floats += run[1] - run[0];
          }
        }
        played.send(e, partner, floats);
      }
      held = next;
      played.assertIs(phases.get(round));
      // Parameters come back the way that sums went.
      Phase back = phases.get(phases.size() - 1 - round);
      assertThat(back.bytes()).isEqualTo(phases.get(round).bytes());
      assertThat(back.hostBytes()).isEqualTo(phases.get(round).hostBytes());
    }
    for (int e = 0; e < executors; e++) {
      assertThat(held[e][e].total().gradient()[0]).isEqualTo(total(work));
    }
  }

  @Test
  void halvingNeedsSiblings() {
    assertThat(Scheme.HALVING.isPossible(new Work(LAYOUT, 64, 64), cluster(3, 1, 1))).isFalse();
    assertThat(Scheme.HALVING.isPossible(new Work(LAYOUT, 6, 6), cluster(2, 1, 1))).isFalse();
    assertThat(Scheme.HALVING.isPossible(new Work(LAYOUT, 64, 64), cluster(64, 1, 1))).isTrue();
    assertThat(Scheme.HALVING.isPossible(new Work(LAYOUT, 64, 64), cluster(128, 1, 1))).isFalse();
    assertThatThrownBy(() -> Scheme.HALVING.phases(new Work(LAYOUT, 64, 64), cluster(3, 1, 1)))
        .hasMessage("HALVING cannot sum 64 shards on 3 executors of 1 ranks");
  }

  @Test
  void moreRanksThanShardsCannotWork() {
    assertThat(Scheme.DIRECT.isPossible(new Work(LAYOUT, 64, 4), cluster(5, 1, 1))).isFalse();
  }
}
