package dev.lockstep.spark.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.engine.StepRecord;
import dev.lockstep.spark.exchange.Frame.Kind;
import java.nio.ByteBuffer;
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

  private final List<StepRecord> watched = new ArrayList<>();
  private final Rendezvous rendezvous = new Rendezvous(TestHub.open(), 7, RANKS, watched::add);

  @BeforeEach
  void begin() {
    rendezvous.begin(ATTEMPT);
  }

  @AfterEach
  void close() {
    rendezvous.close();
  }

  private static Address address(int rank) {
    return new Address("host-" + rank % 2, 1000 + rank % 2);
  }

  private CompletableFuture<ByteBuffer> join(int attempt, int rank) {
    ByteBuffer frame = new Frame(Kind.JOIN, 7, attempt, rank, 0).begin(Frame.sizeOf(address(rank)));
    Frame.putAddress(frame, address(rank));
    return deliver(frame);
  }

  private CompletableFuture<ByteBuffer> fail(int attempt, int rank, String reason) {
    ByteBuffer frame = new Frame(Kind.FAILED, 7, attempt, rank, 0).begin(Frame.sizeOf(reason));
    Frame.putText(frame, reason);
    return deliver(frame);
  }

  private CompletableFuture<ByteBuffer> deliver(ByteBuffer frame) {
    CompletableFuture<ByteBuffer> answer = new CompletableFuture<>();
    frame.flip();
    rendezvous.receive("peer", Frame.read(frame), frame, answer);
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
    rendezvous.begin(ATTEMPT + 1);
    assertTurnedAway(old, "attempt 6 has begun");
    assertThat(join(ATTEMPT + 1, 0)).isNotDone();
    assertThat(join(ATTEMPT + 1, 1)).isNotDone();
    assertThat(fail(ATTEMPT + 1, 2, "no")).isCompleted();
    rendezvous.begin(ATTEMPT + 2);
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

  /** A STEP frame with so many bytes too many. */
  private static ByteBuffer stepFrame(StepRecord step, int extra) {
    ByteBuffer frame = new Frame(Kind.STEP, 7, ATTEMPT, 0, step.step()).begin(Frame.STEP_BYTES + 1);
    Frame.putStep(frame, step);
    return frame.position(Frame.SIZE + Frame.STEP_BYTES + extra);
  }

  @Test
  void closingTurnsTheWaitingAway() {
    CompletableFuture<ByteBuffer> waiting = join(ATTEMPT, 0);
    rendezvous.close();
    assertTurnedAway(waiting, "the driver has closed the run");
  }
}
