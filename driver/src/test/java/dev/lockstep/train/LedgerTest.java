package dev.lockstep.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.checkpoint.Checkpoints;
import dev.lockstep.checkpoint.Checkpoints.Identity;
import dev.lockstep.config.BudgetConfig;
import dev.lockstep.data.BatchPlan;
import dev.lockstep.engine.RoundResult;
import dev.lockstep.engine.State;
import dev.lockstep.engine.StepRecord;
import dev.lockstep.engine.Training;
import dev.lockstep.gradient.NoiseSampling;
import dev.lockstep.init.InitScheme;
import dev.lockstep.loss.SoftmaxCrossEntropy;
import dev.lockstep.network.NetworkParser;
import dev.lockstep.optimizer.Momentum;
import dev.lockstep.schedule.Constant;
import dev.lockstep.storage.Location;
import dev.lockstep.storage.Storage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LedgerTest {
  private final Training training =
      new Training(
          NetworkParser.parse(3, List.of("dense 2")),
          new SoftmaxCrossEntropy(),
          new Momentum(0.9f, false),
          new Constant(0.1),
          new BatchPlan(10, 2, 1, 42, true));

  private final State first =
      State.initial(training, InitScheme.heNormal().parameters(training.network().layout(), 1));

  @TempDir Path directory;

  private Ledger ledger() {
    return ledger(() -> {});
  }

  /** A ledger of 20 steps with a checkpoint every four. */
  private Ledger ledger(Claim claim) {
    Storage storage = Storage.at(new Location(directory.toString()));
    Checkpoints checkpoints =
        new Checkpoints(storage, training, new Identity("run", ""), 2, warning -> {});
    return new Ledger(
        new RoundPlan(
            20,
            training.plan(),
            OptionalInt.of(4),
            OptionalInt.empty(),
            OptionalInt.empty(),
            new Budget(new BudgetConfig(OptionalDouble.empty(), OptionalInt.empty()), () -> 0)),
        new MetricsLog(storage, claim, checkpoints.beginJournal(), NoiseSampling.NONE),
        checkpoints,
        claim,
        first,
        "");
  }

  /** The steps [from, to], counted from 1. */
  private RoundResult round(long from, long to) {
    List<StepRecord> records =
        LongStream.rangeClosed(from, to)
            .mapToObj(step -> new StepRecord(step, 1, 2, 0.5, 0.1, 1))
            .toList();
    State state = new State(to, 1, first.parameters(), first.slots(), List.of(), first.monitors());
    return new RoundResult(state, records, 1_000);
  }

  private List<String> lines() throws IOException {
    return Files.readAllLines(directory.resolve("metrics.jsonl"));
  }

  @Test
  void aCheckpointAndTheLinesUpToItAreThereOnceItHasSettled() throws IOException {
    try (Ledger ledger = ledger()) {
      ledger.onRound(round(1, 3), Milestone.NONE);
      ledger.onRound(round(4, 4), Milestone.NONE);
      ledger.settle();
      assertThat(lines()).hasSize(4);
      assertThat(directory.resolve(ledger.checkpoint())).exists();
      assertThat(ledger.checkpoint()).contains("step-000000004-");
    }
  }

  @Test
  void saveBringsEverythingUpToTheLastRound() throws IOException {
    try (Ledger ledger = ledger()) {
      ledger.onRound(round(1, 4), Milestone.NONE);
      ledger.onRound(round(5, 6), Milestone.NONE);
      ledger.save();
      assertThat(lines()).hasSize(6);
      assertThat(ledger.checkpoint()).contains("step-000000006-");
    }
  }

  @Test
  void closingLetsAWriteComeToItsEnd() throws IOException {
    Ledger ledger = ledger();
    try (ledger) {
      ledger.onRound(round(1, 4), Milestone.NONE);
    }
    assertThat(lines()).hasSize(4);
    assertThat(directory.resolve(ledger.checkpoint())).exists();
  }

  @Test
  void whatFailedIsThrownAtALaterRoundAndCanBeSavedOnceItIsMended() throws Exception {
    Path obstacle = Files.writeString(directory.resolve("checkpoints"), "no directory");
    try (Ledger ledger = ledger()) {
      ledger.onRound(round(1, 4), Milestone.NONE);
      ledger.onRound(round(5, 6), Milestone.NONE);
      assertThatThrownBy(ledger::settle)
          .isInstanceOf(UncheckedIOException.class)
          .hasMessageContaining("checkpoints");
      assertThatThrownBy(() -> ledger.onRound(round(7, 8), Milestone.NONE))
          .isInstanceOf(UncheckedIOException.class);
      assertThat(ledger.committed().step()).isEqualTo(6);
      Files.delete(obstacle);
      ledger.save();
      assertThat(ledger.checkpoint()).contains("step-000000006-");
      assertThat(lines()).hasSize(6);
    }
  }

  /** A disk that takes a while to write: training goes on, and the newest state is what it gets. */
  @Test
  void trainingDoesNotWaitForASlowDiskForLong() throws Exception {
    CountDownLatch disk = new CountDownLatch(1);
    try (Ledger ledger =
        ledger(
            () -> {
              try {
                disk.await();
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
            })) {
      for (long step = 4; step <= 16; step += 4) {
        ledger.onRound(round(step - 3, step), Milestone.NONE);
      }
      assertThat(ledger.committed().step()).isEqualTo(16);
      assertThat(ledger.checkpoint()).isEmpty();
      disk.countDown();
      ledger.settle();
      assertThat(lines()).hasSize(16);
      assertThat(ledger.checkpoint()).contains("step-000000016-");
    }
  }

  @Test
  void writesNothingOnceAnotherDriverHasTheRun() {
    try (Ledger ledger =
        ledger(
            () -> {
              throw new SupersededException("taken over");
            })) {
      ledger.onRound(round(1, 4), Milestone.NONE);
      assertThatThrownBy(ledger::settle).isInstanceOf(SupersededException.class);
      assertThatThrownBy(ledger::save).isInstanceOf(SupersededException.class);
    }
    assertThat(directory).isEmptyDirectory();
  }

  /** One that comes back with nothing new must not put its shorter metrics over the successor's. */
  @Test
  void leavesTheMetricsOfItsSuccessorAloneThoughItHasNoStateToSave() throws IOException {
    AtomicBoolean isTakenOver = new AtomicBoolean();
    try (Ledger ledger =
        ledger(
            () -> {
              if (isTakenOver.get()) {
                throw new SupersededException("taken over");
              }
            })) {
      ledger.onRound(round(1, 4), Milestone.NONE);
      ledger.settle();
      isTakenOver.set(true);
      Path metrics = Files.writeString(directory.resolve("metrics.jsonl"), "the successor's");
      assertThatThrownBy(ledger::save).isInstanceOf(SupersededException.class);
      assertThatThrownBy(ledger::settle).isInstanceOf(SupersededException.class);
      assertThat(metrics).hasContent("the successor's");
    }
  }
}
