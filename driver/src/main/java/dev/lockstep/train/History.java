package dev.lockstep.train;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lockstep.data.BatchPlan;
import dev.lockstep.engine.RoundResult;
import dev.lockstep.engine.StepRecord;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** A training from epoch to epoch, heard round by round or read in the lines of its steps. */
final class History implements TrainingListener {
  private final BatchPlan plan;
  private final List<Double> losses = new ArrayList<>();
  private final List<Long> examples = new ArrayList<>();
  private final List<Double> validated = new ArrayList<>();
  private long steps;

  History(BatchPlan plan) {
    this.plan = plan;
  }

  @Override
  public void onRound(RoundResult result, Milestone milestone) {
    result.records().forEach(step -> add(step.step(), step.loss()));
    milestone.validation().ifPresent(evaluation -> validated.add(evaluation.meanLoss()));
  }

  /** Adds a line of {@code metrics.jsonl}. */
  void read(String line) throws IOException {
    JsonNode step = Json.MAPPER.readTree(line);
    add(step.path("step").asLong(), step.path("loss").asDouble());
    JsonNode validation = step.path("validation").path("loss");
    if (!validation.isMissingNode()) {
      validated.add(validation.asDouble());
    }
  }

  /**
   * @param step from 1, as in {@link StepRecord}
   */
  private void add(long step, double loss) {
    int epoch = (int) plan.epochOf(step - 1);
    if (epoch == losses.size()) {
      losses.add(0.0);
      examples.add(0L);
    }
    int count = plan.examplesOf(step - 1);
    losses.set(epoch, losses.get(epoch) + loss * count);
    examples.set(epoch, examples.get(epoch) + count);
    steps = step;
  }

  /** Mean loss of each epoch, with the parameters of each of its steps. */
  List<Double> objective() {
    List<Double> means = new ArrayList<>();
    for (int e = 0; e < losses.size(); e++) {
      means.add(losses.get(e) / examples.get(e));
    }
    return List.copyOf(means);
  }

  /** Mean loss over what is held out, each time. */
  List<Double> validated() {
    return List.copyOf(validated);
  }

  /** Steps taken. */
  long steps() {
    return steps;
  }
}
