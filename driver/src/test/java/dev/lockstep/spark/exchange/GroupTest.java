package dev.lockstep.spark.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.data.BatchPlan;
import dev.lockstep.engine.PanelSquares;
import dev.lockstep.engine.State;
import dev.lockstep.engine.Training;
import dev.lockstep.gradient.MicroBatchNorms;
import dev.lockstep.gradient.Node;
import dev.lockstep.gradient.NodeSum;
import dev.lockstep.gradient.PartialSums;
import dev.lockstep.init.InitScheme;
import dev.lockstep.loss.SoftmaxCrossEntropy;
import dev.lockstep.network.NetworkParser;
import dev.lockstep.network.ParameterLayout;
import dev.lockstep.network.Slice;
import dev.lockstep.optimizer.Clipping;
import dev.lockstep.optimizer.Lars;
import dev.lockstep.optimizer.Measure;
import dev.lockstep.optimizer.Penalties;
import dev.lockstep.optimizer.Update;
import dev.lockstep.schedule.Constant;
import dev.lockstep.spark.exchange.Frame.Kind;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Two JVMs in one: two hubs, each with a group, over Spark's own transport. */
@Timeout(60)
final class GroupTest {
  /** Units that are counted. */
  private static final int UNITS = 100;

  private static final long RUN = 7;
  private static final int ATTEMPT = 3;
  private static final int STEPS = 3;
  private static final long TIMEOUT = 30_000;

  private final List<Hub> hubs = List.of(TestHub.open(), TestHub.open());
  private final ExecutorService threads = Executors.newCachedThreadPool();

  @AfterEach
  void close() {
    threads.shutdownNow();
    TestHub.close(hubs);
  }

  private static Training training(int shards) {
    return new Training(
        NetworkParser.parse(300, List.of("dense %d relu".formatted(UNITS), "dense 10")),
        new SoftmaxCrossEntropy(),
        new Update(
            new Lars(0.9f, 0.001f, 0),
            new Constant(1),
            new Clipping(Clipping.Mode.GLOBAL_NORM, 1),
            Penalties.NONE,
            0),
        new BatchPlan(1000, 10, shards, 1, true),
        1);
  }

  private static State start(Training training) {
    return State.initial(
        training, InitScheme.heNormal().parameters(training.network().layout(), 5));
  }

  private Group group(int hub, Placement placement, Training training) {
    Group group =
        new Group(hubs.get(hub), RUN, ATTEMPT, placement, training, start(training), TIMEOUT);
    hubs.get(hub).expect(Group.largestFrame(training));
    hubs.get(hub).register(new Hub.DeskKey(RUN, false), group);
    return group;
  }

  /** What shards [from, to) give to a step; every third shard gives nothing. */
  private static PartialSums sums(Training training, long step, int from, int to) {
    int length = training.network().layout().length();
    PartialSums sums = new PartialSums(training.plan().shards(), 0, length);
    for (int shard = from; shard < to; shard++) {
      SplittableRandom random = new SplittableRandom(1000 * step + shard);
      float[] gradient = new float[length];
      for (int i = 0; i < length; i++) {
        gradient[i] = random.nextFloat(-1f, 1f);
      }
      boolean isEmpty = shard % 3 == 1;
      sums.add(
          new Node(0, shard),
          isEmpty
              ? NodeSum.EMPTY
              : new NodeSum(
                  0,
                  gradient,
                  random.nextDouble(),
                  random.nextDouble(),
                  shard + 1,
                  random.ints(UNITS, 0, 9).toArray(),
                  new MicroBatchNorms(random.nextDouble(), 1.0 / (shard + 1), 1)));
    }
    return sums;
  }

  private static void measure(NodeSum sum, Slice slice, PanelSquares squares) {
    for (int p = slice.firstPanel(); p < slice.firstPanel() + slice.panels(); p++) {
      squares.gradients()[p] = sum.gradient()[slice.offset()] + p;
    }
  }

  /** The second measure, which depends on the whole of the first. */
  private static void measureLayers(float[] parameters, Slice slice, PanelSquares squares) {
    double norm = Arrays.stream(squares.gradients()).sum();
    for (int p = slice.firstPanel(); p < slice.firstPanel() + slice.panels(); p++) {
      squares.parameters()[p] = parameters[slice.offset()] + norm;
      squares.directions()[p] = p - norm;
    }
  }

  /** The update of a step: as simple as may be, but every bit of sum and squares counts. */
  private static void update(NodeSum sum, Slice slice, float[] parameters, PanelSquares squares) {
    float norm =
        (float)
            (Arrays.stream(squares.gradients()).sum()
                + Arrays.stream(squares.parameters()).sum() / 3
                + Arrays.stream(squares.directions()).sum() / 7);
    for (int i = slice.offset(); i < slice.end(); i++) {
      parameters[i] -= norm * sum.gradient()[i] / sum.examples();
    }
    for (int p = slice.firstPanel(); p < slice.firstPanel() + slice.panels(); p++) {
      squares.updates()[p] = parameters[slice.offset()] + p;
    }
  }

  /**
   * All steps of a rank; what its JVM ends with.
   *
   * @param losses of every step
   */
  private record Outcome(float[] parameters, PanelSquares squares, List<Double> losses) {
    /** What every rank knows of the sums. */
    static List<Double> known(NodeSum total) {
      return List.of(
          total.loss(),
          total.weight(),
          (double) Arrays.hashCode(total.counts()),
          total.norms().squares(),
          total.norms().reciprocals(),
          (double) total.norms().count());
    }
  }

  private static Outcome run(Group group, int rank, Training training, int ranks)
      throws InterruptedException, TimeoutException {
    int shards = training.plan().shards();
    List<Double> losses = new ArrayList<>();
    for (long step = 0; step < STEPS; step++) {
      group.publish(
          rank, step, sums(training, step, rank * shards / ranks, (rank + 1) * shards / ranks));
      NodeSum total = group.total(rank, step);
      losses.addAll(Outcome.known(total));
      for (Slice slice : group.placement().slicesOf(rank, training.network().layout())) {
        measure(total, slice, group.squares());
      }
      group.gather(rank, step, Measure.GRADIENT);
      for (Slice slice : group.placement().slicesOf(rank, training.network().layout())) {
        measureLayers(group.parameters(), slice, group.squares());
      }
      group.gather(rank, step, Measure.LAYERS);
      for (Slice slice : group.placement().slicesOf(rank, training.network().layout())) {
        update(total, slice, group.parameters(), group.squares());
      }
      // The last step is not finite, and one rank alone knows.
      boolean isFinite = step < STEPS - 1 || rank != ranks - 1;
      assertThat(group.spread(rank, step, isFinite)).isEqualTo(step < STEPS - 1);
    }
    return new Outcome(group.parameters(), group.squares(), losses);
  }

  private static Outcome alone(Training training) {
    ParameterLayout layout = training.network().layout();
    float[] parameters = start(training).parameters().toFlat();
    PanelSquares squares = PanelSquares.of(layout);
    List<Double> losses = new ArrayList<>();
    for (long step = 0; step < STEPS; step++) {
      NodeSum total = sums(training, step, 0, training.plan().shards()).total();
      losses.addAll(Outcome.known(total));
      layout.slices().forEach(slice -> measure(total, slice, squares));
      layout.slices().forEach(slice -> measureLayers(parameters, slice, squares));
      layout.slices().forEach(slice -> update(total, slice, parameters, squares));
    }
    return new Outcome(parameters, squares, losses);
  }

  /** A letter a rank: its JVM. Eight ranks are more than the network has slices. */
  @ParameterizedTest
  @ValueSource(strings = {"A", "AAA", "AB", "ABA", "BAA", "AAB", "ABABAB", "AAAABBBB", "ABBBBBBB"})
  void ranksAnywhereGiveTheBitsOfOne(String table) throws InterruptedException, ExecutionException {
    int ranks = table.length();
    Training training = training(2 * ranks + 1);
    assertThat(training.network().layout().slices()).hasSize(5);
    Placement placement =
        Placement.of(table.chars().mapToObj(c -> hubs.get(c - 'A').address()).toList());
    List<Group> groups = new ArrayList<>();
    for (int hub = 0; hub < hubs.size(); hub++) {
      boolean isUsed = table.indexOf('A' + hub) >= 0;
      groups.add(isUsed ? group(hub, placement, training) : null);
    }
    List<Callable<Outcome>> work = new ArrayList<>();
    for (int r = 0; r < ranks; r++) {
      int rank = r;
      work.add(() -> run(groups.get(table.charAt(rank) - 'A'), rank, training, ranks));
    }
    Outcome expected = alone(training);
    for (Future<Outcome> rank : threads.invokeAll(work)) {
      assertThat(Arrays.mismatch(rank.get().parameters(), expected.parameters())).isEqualTo(-1);
      assertThat(rank.get().squares().gradients()).isEqualTo(expected.squares().gradients());
      assertThat(rank.get().squares().directions()).isEqualTo(expected.squares().directions());
      assertThat(rank.get().squares().updates()).isEqualTo(expected.squares().updates());
      assertThat(rank.get().losses()).isEqualTo(expected.losses());
    }
  }

  @Test
  void aPeerThatGoesAwayEndsTheWait() throws InterruptedException, ExecutionException {
    Training training = training(4);
    Placement placement = Placement.of(hubs.stream().map(Hub::address).toList());
    Group here = group(0, placement, training);
    Group there = group(1, placement, training);
    CountDownLatch hasHeard = new CountDownLatch(1);
    Future<?> rank =
        threads.submit(
            () -> {
              here.publish(0, 0, sums(training, 0, 0, 2));
              here.total(0, 0);
              hasHeard.countDown();
              here.total(0, 1);
              return null;
            });
    threads
        .submit(
            () -> {
              there.publish(1, 0, sums(training, 0, 2, 4));
              there.total(1, 0);
              return null;
            })
        .get();
    hasHeard.await();
    TestHub.close(List.of(hubs.get(1)));
    assertThatThrownBy(rank::get)
        .cause()
        .isInstanceOf(Inbox.PeerFailedException.class)
        .hasMessageMatching("(an executor closed its connection from|lost the executor at) .*");
  }

  /** Rank 0 is ours, rank 1 the peer's, whose frames are written here by hand. */
  private final class Pair {
    final Training training = training(4);
    final ParameterLayout layout = training.network().layout();
    final Placement placement = Placement.of(hubs.stream().map(Hub::address).toList());
    final Group group = group(0, placement, training);
    final Placement.Span ours = placement.spanOf(hubs.get(0).address(), layout);
    final Placement.Span theirs = placement.spanOf(hubs.get(1).address(), layout);

    Pair() {
      hubs.get(1).expect(Group.largestFrame(training));
      hubs.get(1).register(new Hub.DeskKey(RUN, false), new Listener());
    }

    /** A valid SUMS frame of the peer, of shards 2 and 3 as one node. */
    ByteBuffer sums(int attempt, int sender, long step) {
      ByteBuffer frame =
          new Frame(Kind.SUMS, RUN, attempt, sender, step)
              .begin(60 + 4 * UNITS + 4 * ours.length());
      frame.putInt(1).putInt(1).putInt(1).putDouble(0.5).putDouble(0.25).putLong(9);
      frame.putDouble(0).putDouble(0).putLong(0);
      for (int unit = 0; unit < UNITS; unit++) {
        frame.putInt(unit);
      }
      for (int i = 0; i < ours.length(); i++) {
        frame.putFloat(i);
      }
      return frame.flip();
    }

    /** A valid PARAMETERS frame of the peer. */
    ByteBuffer parameters(int attempt, int sender, long step) {
      int panels = theirs.lastPanel() - theirs.firstPanel();
      ByteBuffer frame =
          new Frame(Kind.PARAMETERS, RUN, attempt, sender, step)
              .begin(1 + 16 * panels + 4 * theirs.length());
      frame.put((byte) 1);
      for (int p = 0; p < 2 * panels; p++) {
        frame.putDouble(100 + p);
      }
      for (int i = 0; i < theirs.length(); i++) {
        frame.putFloat(-i);
      }
      return frame.flip();
    }

    CompletableFuture<ByteBuffer> deliver(ByteBuffer frame) {
      return deliver("peer", frame);
    }

    CompletableFuture<ByteBuffer> deliver(String connection, ByteBuffer frame) {
      CompletableFuture<ByteBuffer> answer = new CompletableFuture<>();
      hubs.get(0).receive(connection, frame, answer);
      return answer;
    }

    void assertRefused(ByteBuffer frame, String reason) {
      assertRefused("peer", frame, reason);
    }

    void assertRefused(String connection, ByteBuffer frame, String reason) {
      float[] parameters = group.parameters().clone();
      double[] squares = group.squares().gradients().clone();
      CompletableFuture<ByteBuffer> answer = deliver(connection, frame);
      assertThat(answer).isCompletedExceptionally();
      assertThatThrownBy(answer::join)
          .cause()
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining(reason);
      assertThat(Arrays.mismatch(group.parameters(), parameters)).isEqualTo(-1);
      assertThat(group.squares().gradients()).isEqualTo(squares);
    }

    /** The step goes on as if nothing had come but what is right. */
    void assertStepIsWhole() throws InterruptedException, TimeoutException {
      assertThat(deliver(sums(ATTEMPT, 1, 0))).isCompleted();
      group.publish(0, 0, GroupTest.sums(training, 0, 0, 2));
      NodeSum own = GroupTest.sums(training, 0, 0, 2).nodes().get(new Node(1, 0));
      NodeSum total = group.total(0, 0);
      assertThat(total.examples()).isEqualTo(own.examples() + 9);
      assertThat(total.loss()).isEqualTo(own.loss() + 0.5);
      assertThat(total.weight()).isEqualTo(own.weight() + 0.25);
      assertThat(total.counts()[7]).isEqualTo(own.counts()[7] + 7);
      for (int i = ours.from(); i < ours.to(); i++) {
        assertThat(total.gradient()[i]).isEqualTo(own.gradient()[i] + (i - ours.from()));
      }
      assertThat(deliver(parameters(ATTEMPT, 1, 0))).isCompleted();
      assertThat(group.spread(0, 0, true)).isTrue();
      assertThat(group.parameters()[theirs.from() + 3]).isEqualTo(-3);
      assertThat(group.squares().gradients()[theirs.firstPanel()]).isEqualTo(100);
    }
  }

  /** Takes everything. */
  private static final class Listener implements Hub.Desk {
    @Override
    public void receive(
        String peer, Frame head, ByteBuffer body, CompletableFuture<ByteBuffer> answer) {
      answer.complete(null);
    }

    @Override
    public void disconnected(String peer) {}
  }

  @ParameterizedTest
  @CsvSource({
    "2, 1, 0, sender 1; attempt 2; this is attempt 3 of 2 JVMs",
    "4, 1, 0, sender 1; attempt 4; this is attempt 3 of 2 JVMs",
    "3, 0, 0, sender 0; attempt 3; this is attempt 3 of 2 JVMs",
    "3, -1, 0, sender -1; attempt 3; this is attempt 3 of 2 JVMs",
    "3, 2, 0, sender 2; attempt 3; this is attempt 3 of 2 JVMs",
    "3, 1, -1, frame of step -1: step 0 is next",
    "3, 1, 1, frame of step 1: step 0 is next"
  })
  void refusesStaleEarlyAndForeignFrames(int attempt, int sender, long step, String reason)
      throws InterruptedException, TimeoutException {
    Pair pair = new Pair();
    String message = reason.replace("; attempt", ", attempt");
    pair.assertRefused(pair.sums(attempt, sender, step), message);
    pair.assertRefused(pair.parameters(attempt, sender, step), message);
    pair.assertStepIsWhole();
  }

  @Test
  void refusesReplayedFrames() throws InterruptedException, TimeoutException {
    Pair pair = new Pair();
    pair.assertStepIsWhole();
    pair.assertRefused(pair.sums(ATTEMPT, 1, 0), "SUMS frame of step 0: step 1 is next");
    pair.assertRefused(pair.parameters(ATTEMPT, 1, 0), "PARAMETERS frame of step 0: step 1 is");
  }

  @Test
  void refusesFramesByAnotherConnection() throws InterruptedException, TimeoutException {
    Pair pair = new Pair();
    pair.assertStepIsWhole();
    String reason = "a frame from stranger: this sender's come from peer";
    pair.assertRefused("stranger", pair.sums(ATTEMPT, 1, 1), reason);
    pair.assertRefused("stranger", pair.parameters(ATTEMPT, 1, 1), reason);
    assertThat(pair.deliver(pair.sums(ATTEMPT, 1, 1))).isCompleted();
  }

  @Test
  void refusesFramesOfAnotherLength() throws InterruptedException, TimeoutException {
    Pair pair = new Pair();
    for (ByteBuffer frame : List.of(pair.sums(ATTEMPT, 1, 0), pair.parameters(ATTEMPT, 1, 0))) {
      byte[] bytes = new byte[frame.limit() + 5];
      frame.get(0, bytes, 0, frame.limit());
      for (int length = Frame.SIZE; length < Frame.SIZE + 60; length++) {
        pair.assertRefused(ByteBuffer.wrap(bytes, 0, length).slice(), "");
      }
      for (int off : new int[] {-4, -1, 1, 4, 5}) {
        pair.assertRefused(ByteBuffer.wrap(bytes, 0, frame.limit() + off).slice(), "");
      }
    }
    pair.assertStepIsWhole();
  }

  @Test
  void refusesSumsThatCannotBe() throws InterruptedException, TimeoutException {
    Pair pair = new Pair();
    int count = Frame.SIZE;
    assertSumsRefused(pair, f -> f.putInt(count, 0), "bytes more than it declares");
    assertSumsRefused(pair, f -> f.putInt(count, 2), "a frame declares 1 items of 56 bytes");
    assertSumsRefused(pair, f -> f.putInt(count, -1), "a frame declares -1 items");
    assertSumsRefused(pair, f -> f.putInt(count, 1 << 30), "a frame declares 1073741824 items");
    assertSumsRefused(pair, f -> f.putInt(count + 4, 9), "node 1 of level 9, twice or beyond");
    assertSumsRefused(pair, f -> f.putInt(count + 4, -1), "node 1 of level -1, twice or beyond");
    assertSumsRefused(pair, f -> f.putInt(count + 8, 2), "node 2 of level 1, twice or beyond");
    assertSumsRefused(pair, f -> f.putInt(count + 8, -1), "node -1 of level 1, twice or beyond");
    assertSumsRefused(pair, f -> f.putLong(count + 28, -9), "of -9 examples");
    assertSumsRefused(pair, f -> f.putLong(count + 28, 0), "bytes more than it declares");
    pair.assertStepIsWhole();
  }

  private static void assertSumsRefused(Pair pair, Consumer<ByteBuffer> change, String reason) {
    ByteBuffer frame = pair.sums(ATTEMPT, 1, 0);
    change.accept(frame);
    pair.assertRefused(frame, reason);
  }

  @Test
  void refusesANodeTwice() throws InterruptedException, TimeoutException {
    Pair pair = new Pair();
    ByteBuffer frame = new Frame(Kind.SUMS, RUN, ATTEMPT, 1, 0).begin(4 + 2 * 56);
    frame.putInt(2);
    for (int i = 0; i < 2; i++) {
      frame.putInt(1).putInt(1).putDouble(0).putDouble(0).putLong(0);
      frame.putDouble(0).putDouble(0).putLong(0);
    }
    pair.assertRefused(frame.flip(), "node 1 of level 1, twice or beyond the tree over 4 shards");
    pair.assertStepIsWhole();
  }
}
