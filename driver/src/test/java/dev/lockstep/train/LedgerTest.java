package dev.lockstep.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.data.BatchPlan;
import dev.lockstep.engine.RoundResult;
import dev.lockstep.engine.State;
import dev.lockstep.engine.StepRecord;
import dev.lockstep.engine.Training;
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
import java.util.OptionalInt;
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

  /** A ledger of 20 steps with a checkpoint every four. */
  private Ledger ledger() throws IOException {
    Storage storage = Storage.at(new Location(directory.toString()));
    return new Ledger(
        new RoundPlan(20, 5, OptionalInt.of(4), OptionalInt.empty(), OptionalInt.empty()),
        MetricsLog.open(storage),
        new Checkpoints(storage, training, 2, warning -> {}),
        first);
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
      assertThat(ledger.checkpoint()).endsWith("step-000000004.safetensors");
    }
  }

  @Test
  void saveBringsEverythingUpToTheLastRound() throws IOException {
    try (Ledger ledger = ledger()) {
      ledger.onRound(round(1, 4), Milestone.NONE);
      ledger.onRound(round(5, 6), Milestone.NONE);
      ledger.save();
      assertThat(lines()).hasSize(6);
      assertThat(ledger.checkpoint()).endsWith("step-000000006.safetensors");
    }
  }

  @Test
  void closingLetsAWriteComeToItsEnd() throws IOException {
    try (Ledger ledger = ledger()) {
      ledger.onRound(round(1, 4), Milestone.NONE);
    }
    assertThat(lines()).hasSize(4);
    assertThat(directory.resolve("checkpoints/step-000000004.json")).exists();
  }

  @Test
  void whatFailedIsThrownAtTheNextRoundAndNotCommitted() throws IOException {
    Files.writeString(directory.resolve("checkpoints"), "a file where a directory must be");
    try (Ledger ledger = ledger()) {
      ledger.onRound(round(1, 4), Milestone.NONE);
      assertThatThrownBy(() -> ledger.onRound(round(5, 6), Milestone.NONE))
          .isInstanceOf(UncheckedIOException.class);
      assertThat(ledger.committed().step()).isEqualTo(4);
    }
  }
}
