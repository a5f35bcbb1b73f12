package dev.lockstep.spark.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.data.BatchPlan;
import dev.lockstep.engine.EpochSums;
import dev.lockstep.engine.Monitors;
import dev.lockstep.engine.RankTimes;
import dev.lockstep.engine.Round;
import dev.lockstep.engine.State;
import dev.lockstep.engine.StepRecord;
import dev.lockstep.engine.TimeSplit;
import dev.lockstep.engine.Training;
import dev.lockstep.loss.SoftmaxCrossEntropy;
import dev.lockstep.network.NetworkParser;
import dev.lockstep.network.ParameterLayout;
import dev.lockstep.network.Slice;
import dev.lockstep.optimizer.Momentum;
import dev.lockstep.schedule.Constant;
import dev.lockstep.spark.exchange.Frame.Kind;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RendezvousTest {
  private static final int RANKS = 3;
  private static final int ATTEMPT = 5;

  private final RoundReports first = reports(0, 2);
  private final List<StepRecord> watched = new ArrayList<>();
  private final Rendezvous rendezvous = new Rendezvous(TestHub.open(), 7, RANKS, watched::add);

  @BeforeEach
  void begin() {
    rendezvous.begin(ATTEMPT, first);
  }

  @AfterEach
  void close() {
    rendezvous.close();
  }

  private static final Training TRAINING =
      new Training(
          NetworkParser.parse(40, List.of("dense 37 relu", "dense 10")),
          new SoftmaxCrossEntropy(),
          new Momentum(0.9f, false),
          new Constant(1),
          new BatchPlan(1000, 10, RANKS, 1, true));

  private static RoundReports reports(long step, int steps) {
    State initial = State.initial(TRAINING, new float[TRAINING.network().layout().length()]);
    State before =
        new State(
            step, initial.seed(), initial.parameters(), initial.slots(), List.of(), Monitors.NONE);
    return new RoundReports(TRAINING, RANKS, before, new Round(step, steps));
  }

  private static Address address(int rank) {
    return new Address("host-" + rank % 2, 1000 + rank % 2);
  }

  private CompletableFuture<ByteBuffer> join(int attempt, int rank) {
    return deliver(joinFrame(attempt, rank, address(rank)));
  }

  private static ByteBuffer joinFrame(int attempt, int rank, Address address) {
    ByteBuffer frame = new Frame(Kind.JOIN, 7, attempt, rank, 0).begin(Frame.sizeOf(address));
    Frame.putAddress(frame, address);
    return frame;
  }

  private CompletableFuture<ByteBuffer> fail(int attempt, int rank, String reason) {
    ByteBuffer frame = new Frame(Kind.FAILED, 7, attempt, rank, 0).begin(Frame.sizeOf(reason));
    Frame.putText(frame, reason);
    return deliver(frame);
  }

  private CompletableFuture<ByteBuffer> deliver(ByteBuffer frame) {
    return deliver(frame, "peer");
  }

  private CompletableFuture<ByteBuffer> deliver(ByteBuffer frame, String peer) {
    CompletableFuture<ByteBuffer> answer = new CompletableFuture<>();
    frame.flip();
    rendezvous.receive(peer, Frame.read(frame), frame, answer);
    return answer;
  }

  private static void assertTurnedAway(CompletableFuture<ByteBuffer> answer, String reason) {
    assertThat(answer).isCompletedExceptionally();
    assertThatThrownBy(answer::join).cause().hasMessage(reason);
  }

  @Test
  void tellsAllWhereAllAreOnceAllAreThere() {
    CompletableFuture<ByteBuffer> two = join(ATTEMPT, 2);
    CompletableFuture<ByteBuffer> zero = join(ATTEMPT, 0);
    assertThat(two).isNotDone();
    assertThat(zero).isNotDone();
    CompletableFuture<ByteBuffer> one = join(ATTEMPT, 1);
    for (CompletableFuture<ByteBuffer> answer : List.of(zero, one, two)) {
      assertThat(answer).isCompleted();
      assertThat(Rendezvous.decode(answer.join()))
          .containsExactly(address(0), address(1), address(2));
    }
    assertThat(rendezvous.firstFailure()).isEmpty();
  }

  @Test
  void aRankThatComesTwiceCountsOnce() {
    assertThat(join(ATTEMPT, 0)).isNotDone();
    CompletableFuture<ByteBuffer> again = join(ATTEMPT, 0);
    assertThat(join(ATTEMPT, 1)).isNotDone();
    assertThat(again).isNotDone();
    assertThat(join(ATTEMPT, 2)).isCompleted();
    assertThat(again).isCompleted();
  }

  @Test
  void remembersTheFirstFailureAndTurnsAllAwayWithIt() {
    CompletableFuture<ByteBuffer> waiting = join(ATTEMPT, 0);
    assertThat(fail(ATTEMPT, 1, "rank 1: no memory")).isCompleted();
    assertTurnedAway(waiting, "rank 1: no memory");
    assertThat(fail(ATTEMPT, 0, "rank 0: lost rank 1")).isCompleted();
    assertTurnedAway(join(ATTEMPT, 2), "rank 1: no memory");
    assertThat(rendezvous.firstFailure()).contains("rank 1: no memory");
  }

  @Test
  void aNewAttemptForgetsTheOldOne() {
    CompletableFuture<ByteBuffer> old = join(ATTEMPT, 0);
    rendezvous.begin(ATTEMPT + 1, reports(0, 2));
    assertTurnedAway(old, "attempt 6 has begun");
    assertThat(join(ATTEMPT + 1, 0)).isNotDone();
    assertThat(join(ATTEMPT + 1, 1)).isNotDone();
    assertThat(fail(ATTEMPT + 1, 2, "no")).isCompleted();
    rendezvous.begin(ATTEMPT + 2, reports(0, 2));
    assertThat(rendezvous.firstFailure()).isEmpty();
    assertThat(join(ATTEMPT + 2, 0)).isNotDone();
  }

  @ParameterizedTest
  @CsvSource({"4, 0", "6, 0", "5, -1", "5, 3"})
  void refusesStaleAttemptsAndUnknownRanks(int attempt, int rank) {
    String message =
        "rank %d of attempt %d: want one of 3 ranks of attempt 5".formatted(rank, attempt);
    assertThatThrownBy(() -> join(attempt, rank))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
    assertThatThrownBy(() -> fail(attempt, rank, "stale"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
    assertThat(rendezvous.firstFailure()).isEmpty();
    assertThat(join(ATTEMPT, 0)).isNotDone();
    assertThat(join(ATTEMPT, 1)).isNotDone();
    assertThat(join(ATTEMPT, 2)).isCompleted();
  }

  @Test
  void refusesFramesOfAnotherLengthAndKeepsNothingOfThem() {
    for (int extra : new int[] {-1, 1}) {
      int size = Frame.sizeOf(address(0));
      ByteBuffer whole = new Frame(Kind.JOIN, 7, ATTEMPT, 0, 0).begin(size + 1);
      Frame.putAddress(whole, address(0));
      whole.position(Frame.SIZE + size + extra);
      assertThatThrownBy(() -> deliver(whole)).isInstanceOf(IllegalArgumentException.class);
    }
    assertThat(join(ATTEMPT, 1)).isNotDone();
    assertThat(join(ATTEMPT, 2)).isNotDone();
  }

  @Test
  void tellsOfSteps() {
    StepRecord step = new StepRecord(9, 2, 32, 0.25, -0.0, Double.NaN);
    assertThat(deliver(stepFrame(step, 0))).isCompleted();
    assertThat(watched).containsExactly(step);
    for (int extra : new int[] {-1, 1}) {
      ByteBuffer frame = stepFrame(step, extra);
      assertThatThrownBy(() -> deliver(frame)).isInstanceOf(IllegalArgumentException.class);
    }
    assertThat(watched).hasSize(1);
  }

  @Test
  void refusesReplayedFrames() {
    assertThat(join(ATTEMPT, 1)).isNotDone();
    assertThatThrownBy(() -> deliver(joinFrame(ATTEMPT, 1, address(2))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("rank 1 joins from %s, but is at %s".formatted(address(2), address(1)));
    StepRecord step = new StepRecord(1, 0, 32, 0.25, 0.5, 1);
    assertThat(deliver(stepFrame(step, 0))).isCompleted();
    assertThatThrownBy(() -> deliver(stepFrame(step, 0)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a STEP frame of rank 0 for step 1, which has been told of before");
    assertThat(watched).containsExactly(step);
    ParameterLayout layout = TRAINING.network().layout();
    int owner = 0;
    while (layout.slicesOf(owner, RANKS).isEmpty()) {
      owner++;
    }
    int rank = owner;
    assertThat(done(first, rank)).isNotDone();
    assertThatThrownBy(() -> bringSlices(first, rank))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("slice 0 comes twice in a round");
    assertThatThrownBy(() -> report(first, rank))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a DONE frame of rank %d for step 2, which is there already".formatted(rank));
    assertThat(first.result()).isNotDone();
  }

  /** A STEP frame with so many bytes too many. */
  private static ByteBuffer stepFrame(StepRecord step, int extra) {
    ByteBuffer frame = new Frame(Kind.STEP, 7, ATTEMPT, 0, step.step()).begin(Frame.STEP_BYTES + 1);
    Frame.putStep(frame, step);
    return frame.position(Frame.SIZE + Frame.STEP_BYTES + extra);
  }

  /** All ranks join and do a round from a step; their answers are for the next. */
  private List<CompletableFuture<ByteBuffer>> allDone(RoundReports reports) {
    for (int rank = 0; rank < RANKS; rank++) {
      CompletableFuture<ByteBuffer> unused = join(ATTEMPT, rank);
    }
    List<CompletableFuture<ByteBuffer>> answers = new ArrayList<>();
    for (int rank = 0; rank < RANKS; rank++) {
      answers.add(done(reports, rank));
    }
    return answers;
  }

  private CompletableFuture<ByteBuffer> done(RoundReports reports, int rank) {
    assertThat(bringSlices(reports, rank)).isCompleted();
    return report(reports, rank);
  }

  private CompletableFuture<ByteBuffer> bringSlices(RoundReports reports, int rank) {
    long end = reports.round().end();
    List<Slice> slices = TRAINING.network().layout().slices();
    List<Slice> own = TRAINING.network().layout().slicesOf(rank, RANKS);
    float[] vector = new float[TRAINING.network().layout().length()];
    ByteBuffer frame =
        new Frame(Kind.SLICES, 7, ATTEMPT, rank, end).begin(RoundReports.size(own, 1));
    int first = own.isEmpty() ? 0 : slices.indexOf(own.get(0));
    RoundReports.put(frame, first, own, vector, new float[][] {vector});
    return deliver(frame);
  }

  private CompletableFuture<ByteBuffer> report(RoundReports reports, int rank) {
    long end = reports.round().end();
    RankReport report =
        new RankReport(
            List.of(), null, EpochSums.NONE, 5, new RankTimes("", TimeSplit.NONE), List.of());
    ByteBuffer done = new Frame(Kind.DONE, 7, ATTEMPT, rank, end).begin(report.size());
    report.put(done);
    return deliver(done, "peer " + rank);
  }

  private static void assertAnswered(List<CompletableFuture<ByteBuffer>> answers, int steps) {
    for (CompletableFuture<ByteBuffer> answer : answers) {
      assertThat(answer).isCompleted();
      assertThat(answer.join().order(ByteOrder.LITTLE_ENDIAN).getInt()).isEqualTo(steps);
    }
  }

  @Test
  void ranksThatStayGoOnWithTheNextRound() {
    List<CompletableFuture<ByteBuffer>> answers = allDone(first);
    assertThat(first.result()).isCompleted();
    assertThat(answers).noneMatch(CompletableFuture::isDone);
    RoundReports second = reports(2, 3);
    assertThat(rendezvous.goOn(second)).isTrue();
    assertAnswered(answers, 3);
    assertThat(rendezvous.goOn(reports(5, 1))).isFalse();
    assertThatThrownBy(() -> done(first, 0))
        .hasMessage("a SLICES frame of a round to step 2: this one is to step 5");
    List<CompletableFuture<ByteBuffer>> next = new ArrayList<>();
    for (int rank = 0; rank < RANKS; rank++) {
      next.add(done(second, rank));
    }
    assertThat(second.result()).isCompleted();
    rendezvous.dismiss(first);
    assertThat(next).noneMatch(CompletableFuture::isDone);
    rendezvous.dismiss(second);
    assertAnswered(next, Rendezvous.LEAVE);
    assertThat(rendezvous.goOn(reports(5, 1))).isFalse();
  }

  @Test
  void nobodyGoesOnWithoutARankThatHasGone() {
    List<CompletableFuture<ByteBuffer>> answers = allDone(first);
    rendezvous.disconnected("peer 1");
    assertThat(rendezvous.goOn(reports(2, 3))).isFalse();
    rendezvous.dismiss(first);
    assertAnswered(List.of(answers.get(0), answers.get(2)), Rendezvous.LEAVE);
  }

  @Test
  void nobodyGoesOnAfterAFailure() {
    List<CompletableFuture<ByteBuffer>> answers = allDone(first);
    assertThat(fail(ATTEMPT, 1, "rank 1: no memory")).isCompleted();
    assertThat(rendezvous.goOn(reports(2, 3))).isFalse();
    answers.forEach(answer -> assertTurnedAway(answer, "rank 1: no memory"));
  }

  @Test
  void nobodyGoesOnAfterAnInterruption() {
    List<CompletableFuture<ByteBuffer>> answers = allDone(first);
    assertThat(interrupted(1)).isCompleted();
    assertThat(rendezvous.goOn(reports(2, 3))).isFalse();
    assertThat(answers).noneMatch(CompletableFuture::isDone);
  }

  @Test
  void aStageThatSparkRunsAgainDoesNotRepeatARoundThatIsDone() {
    List<CompletableFuture<ByteBuffer>> unused = allDone(first);
    assertTurnedAway(join(ATTEMPT, 0), "attempt 5 is beyond its first round");
    assertThat(rendezvous.goOn(reports(2, 3))).isTrue();
    assertTurnedAway(join(ATTEMPT, 0), "attempt 5 is beyond its first round");
  }

  @Test
  void anInterruptionIsNotTheFirstFailure() {
    assertThat(interrupted(1)).isCompleted();
    assertTurnedAway(join(ATTEMPT, 2), "a rank was interrupted");
    assertThat(rendezvous.firstFailure()).isEmpty();
    assertThat(fail(ATTEMPT, 2, "rank 2: no memory")).isCompleted();
    assertThat(rendezvous.firstFailure()).contains("rank 2: no memory");
  }

  private CompletableFuture<ByteBuffer> interrupted(int rank) {
    return deliver(new Frame(Kind.INTERRUPTED, 7, ATTEMPT, rank, 0).begin(0));
  }

  @Test
  void closingTurnsTheWaitingAway() {
    CompletableFuture<ByteBuffer> waiting = join(ATTEMPT, 0);
    rendezvous.close();
    assertTurnedAway(waiting, "the driver has closed the run");
  }
}
