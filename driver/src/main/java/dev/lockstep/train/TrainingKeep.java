package dev.lockstep.train;

import dev.lockstep.checkpoint.Checkpoints;
import dev.lockstep.checkpoint.Checkpoints.Generation;
import dev.lockstep.checkpoint.Journal;
import dev.lockstep.engine.State;
import dev.lockstep.storage.Location;
import dev.lockstep.storage.Storage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Where a training over tables keeps its state while it goes on: a directory for just this training
 * over just these rows, within one that the user names. The same training goes on from there after
 * a failure, and empties it in the end.
 */
final class TrainingKeep implements AutoCloseable {
  private static final int NAME = 16;

  private final Storage storage;
  private final Checkpoints checkpoints;
  private final Optional<Generation> saved;
  private final ResolvedRun run;
  private Ledger ledger;

  private TrainingKeep(Storage storage, ResolvedRun run, Consumer<String> messages)
      throws IOException {
    this.storage = storage;
    this.run = run;
    this.checkpoints =
        new Checkpoints(
            storage, run.training(), run.identity(), run.config().checkpoint().keep(), messages);
    this.saved = storage.exists("") ? checkpoints.latest() : Optional.empty();
    saved.ifPresent(
        found ->
            messages.accept(
                "training goes on from step %d, kept in %s"
                    .formatted(found.state().step(), storage.location())));
  }

  /** Looks for what an earlier training has left. */
  static TrainingKeep open(Location directory, ResolvedRun run, Consumer<String> messages)
      throws IOException {
    String name = "lockstep-" + run.identity().run().substring(0, NAME);
    return new TrainingKeep(Storage.at(directory.resolve(name)), run, messages);
  }

  /** The state to begin with. */
  State start(State first) {
    return saved.map(Generation::state).orElse(first);
  }

  /** What keeps each round from here on; the history has what was before. */
  TrainingListener listener(State start, History history) throws IOException {
    storage.createDirectories("");
    Journal journal = saved.map(Generation::journal).orElseGet(checkpoints::beginJournal);
    if (saved.isPresent()) {
      ByteArrayOutputStream lines = new ByteArrayOutputStream();
      journal.writeTo(lines);
      for (String line : lines.toString(StandardCharsets.UTF_8).lines().toList()) {
        history.read(line);
      }
    }
    Claim alone = () -> {}; // Parts of checkpoints are named by what is in them.
    ledger =
        new Ledger(
            run.rounds(),
            new MetricsLog(storage, alone, journal, run.training().noise()),
            checkpoints,
            alone,
            start,
            saved.map(Generation::file).orElse(""));
    return ledger;
  }

  /** Keeps the last complete round, though the thread may have been interrupted. */
  void save() throws IOException {
    boolean isInterrupted = Thread.interrupted();
    try {
      ledger.save();
    } finally {
      if (isInterrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Deletes what was kept: the training has come to its end. */
  void empty() throws IOException {
    ledger.settle();
    for (String name : storage.list(Checkpoints.DIRECTORY)) {
      storage.deleteFile(Checkpoints.DIRECTORY + "/" + name);
    }
    storage.deleteFile(Checkpoints.DIRECTORY);
    storage.deleteFile(MetricsLog.FILE);
    storage.deleteFile("");
  }

  @Override
  public void close() {
    if (ledger != null) {
      ledger.close();
    }
  }
}
