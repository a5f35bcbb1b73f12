package dev.lockstep.train;

import dev.lockstep.data.ExampleSet;
import dev.lockstep.engine.DivergedException;
import dev.lockstep.engine.Round;
import dev.lockstep.engine.RoundResult;
import dev.lockstep.engine.State;
import dev.lockstep.engine.Training;
import dev.lockstep.gradient.Diagnosis;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Finds out where a run diverged. A round can be run again to the same bits, so its good steps are,
 * and then the one that diverged is looked at layer by layer.
 */
final class DivergenceReport {
  /** What stands between file and place in the name of an example. */
  private static final String EXAMPLE = ": example ";

  private final Compute compute;
  private final ExampleSet set;
  private final TrainingListener listener;

  /**
   * For a run.
   *
   * @param set names the examples
   * @param listener takes the good steps, which then count as committed
   */
  DivergenceReport(Compute compute, ExampleSet set, TrainingListener listener) {
    this.compute = compute;
    this.set = set;
    this.listener = listener;
  }

  /**
   * The same error with its place; as it is, where the search for that fails too.
   *
   * @param start the state that the round began with
   */
  DivergedException locate(DivergedException error, State start) {
    try {
      long step = error.step().step() - 1;
      State before = start;
      if (step > start.step()) {
        Round good = new Round(start.step(), Math.toIntExact(step - start.step()));
        RoundResult result = compute.engine().advance(start, good);
        listener.onRound(result, Milestone.NONE);
        before = result.state();
      }
      return compute
          .diagnose(step, before.parameters().toFlat())
          .map(diagnosis -> error.located(describe(diagnosis)))
          .orElse(error);
    } catch (RuntimeException e) {
      error.addSuppressed(e);
      return error;
    }
  }

  private String describe(Diagnosis diagnosis) {
    Training training = compute.training();
    String layer =
        "layer %d (%s)"
            .formatted(
                diagnosis.layer() + 1,
                training.network().layers().get(diagnosis.layer()).describe());
    String shard = "shard " + diagnosis.shard();
    return switch (diagnosis.symptom()) {
      case OUTPUT ->
          "the first that is not finite are the outputs of %s in %s, for %s"
              .formatted(layer, shard, examples(diagnosis));
      case LOSS ->
          "the outputs of %s are finite, but the largest loss is %s, in %s, for %s"
              .formatted(layer, diagnosis.magnitude(), shard, examples(diagnosis));
      case GRADIENT ->
          "the first that is not finite is the gradient of %s, in %s with its %d examples"
              .formatted(layer, shard, diagnosis.rows());
      case LARGE ->
          "the largest part of a gradient is %s, of %s in %s with its %d examples"
              .formatted(diagnosis.magnitude(), layer, shard, diagnosis.rows());
    };
  }

  /** The places of examples as a user would look for them, the file named once. */
  private String examples(Diagnosis diagnosis) {
    Map<String, List<String>> byFile =
        diagnosis.examples().stream()
            .map(set::nameOf)
            .collect(
                Collectors.groupingBy(
                    name -> name.substring(0, name.lastIndexOf(EXAMPLE)),
                    LinkedHashMap::new,
                    Collectors.mapping(
                        name -> name.substring(name.lastIndexOf(EXAMPLE) + EXAMPLE.length()),
                        Collectors.toList())));
    String named =
        byFile.entrySet().stream()
            .map(file -> "%s of %s".formatted(String.join(", ", file.getValue()), file.getKey()))
            .collect(Collectors.joining(", "));
    int others = diagnosis.count() - diagnosis.examples().size();
    return (diagnosis.count() == 1 ? "example " : "examples ")
        + (others == 0 ? named : "%s and %d more".formatted(named, others));
  }
}
