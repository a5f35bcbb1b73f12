package dev.lockstep.train;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.engine.Engine;
import dev.lockstep.engine.State;
import dev.lockstep.engine.Training;
import dev.lockstep.metric.Evaluation;
import dev.lockstep.serialization.model.Model;
import java.util.Optional;

/** What {@code summary.json} says of a run. */
final class Summary {
  static final String ENDED_BY = "ended_by";

  private Summary() {}

  /** Of a run that is under way. */
  static ObjectNode running(ResolvedRun run, DriverProcess driver) {
    ObjectNode summary = head(run, "running");
    summary.set(DriverProcess.KEY, driver.json());
    return summary;
  }

  /** Of a run that was ended in the middle. */
  static ObjectNode ended(ResolvedRun run, int exit, String message, Ledger ledger) {
    ObjectNode summary = head(run, exit > ExitCode.SIGNAL_BASE ? "interrupted" : "failed");
    summary.put("exit", exit);
    summary.put("message", message);
    summary.put("steps", ledger.committed().step());
    summary.put("kept", ledger.checkpoint());
    return summary;
  }

  /**
   * Of a run that came to its end.
   *
   * @param endedBy what ended it: steps, goal, patience or budget
   * @param samplesPerSecond over the steps alone
   * @param trainSeconds wall time of all rounds, with metrics and checkpoints
   * @param seconds wall time of the run, with data and evaluation
   */
  static ObjectNode finished(
      ResolvedRun run,
      State end,
      String endedBy,
      Model model,
      Evaluation train,
      Optional<Evaluation> test,
      Engine engine,
      double samplesPerSecond,
      double trainSeconds,
      double seconds) {
    Training training = run.training();
    ObjectNode summary = head(run, "finished");
    summary.put("exit", ExitCode.DONE);
    summary.put("model_sha256", model.sha256());
    summary.put("parameters", training.network().layout().parameters());
    summary.put("steps", end.step());
    summary.put(ENDED_BY, endedBy);
    if (run.config().stop().goal().isPresent()) {
      summary.put("goal_reached", end.monitors().decisions().isAtGoal());
    }
    summary.put("epochs", training.plan().epochs(end.step()));
    end.monitors().noise().scale().ifPresent(scale -> summary.put("noise_scale", scale));
    Figures.put(summary, "train_", train);
    test.ifPresent(figures -> Figures.put(summary, "test_", figures));
    summary.put("samples_per_second", samplesPerSecond);
    summary.put("train_seconds", trainSeconds);
    summary.put("seconds", seconds);
    summary.put("engine", engine.name());
    summary.put("ranks", engine.ranks());
    return summary;
  }

  private static ObjectNode head(ResolvedRun run, String status) {
    ObjectNode summary = Json.MAPPER.createObjectNode();
    summary.put("status", status);
    summary.put("seed", run.config().seed());
    summary.put("shards", run.training().plan().shards());
    summary.put("kernel", run.kernel().kernels().name());
    summary.put("lockstep_version", Version.text());
    summary.put(RunDirectory.DATA, run.fingerprint());
    return summary;
  }
}
