package dev.lockstep.train;

import dev.lockstep.config.ConfigException;
import dev.lockstep.config.RunConfig;
import dev.lockstep.data.BatchPlan;
import dev.lockstep.data.DataException;
import dev.lockstep.data.ExampleSource;
import dev.lockstep.data.FeatureSums;
import dev.lockstep.data.HeapShard;
import dev.lockstep.data.Shard;
import dev.lockstep.engine.Training;
import dev.lockstep.gradient.ExampleRows;
import dev.lockstep.kernel.Kernels;
import dev.lockstep.kernel.Panels;
import dev.lockstep.kernel.RowSegments;
import dev.lockstep.layer.Rows;
import dev.lockstep.network.GradientCheck;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The check of gradients on a user's own network, loss and data: initial weights, the first
 * examples of the training set, and the random numbers of the first step.
 */
public final class GradientInspection {
  /** How many elements of a tensor are looked at. */
  public static final int SAMPLE = 40;

  private GradientInspection() {}

  /**
   * Checks the gradient of every tensor.
   *
   * @param most how many examples to differentiate at; fewer if there are no more
   * @throws ConfigException if the network cannot learn, or does not fit the data
   * @throws DataException for bad data
   */
  public static List<GradientCheck.Tensor> of(RunConfig config, int most) throws IOException {
    FileData data = FileData.open(config);
    ResolvedRun run = ResolvedRun.of(config, data);
    Training training = run.training(run.normalization(() -> sums(run, data)));
    try {
      training.network().checkLearns();
    } catch (IllegalArgumentException e) {
      throw new ConfigException(e.getMessage(), e);
    }
    Shard first = first(data.train(), most, training.classes());
    int rows = first.items();
    Kernels kernels = run.kernel().kernels();
    Panels x = Panels.allocate(rows, first.features());
    ExampleRows examples = new ExampleRows(kernels.elements(), first.format(), rows);
    for (int r = 0; r < rows; r++) {
      examples.fill(first, r, x, r);
    }
    RowSegments segments = RowSegments.single(rows, false);
    return new GradientCheck(training.network(), training.loss(), kernels)
        .check(
            run.initialState().parameters().toFlat(),
            x,
            examples.targets(),
            Rows.training(segments, config.seed(), 0, IntStream.range(0, rows).toArray()),
            SAMPLE,
            config.seed());
  }

  private static FeatureSums sums(ResolvedRun run, FileData data) {
    BatchPlan plan = run.training().plan();
    try {
      return FeatureSums.of(
          Shard.read(data.train(), plan, 0, plan.shards(), run.training().classes()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Shard first(ExampleSource source, int most, int classes) throws IOException {
    int rows = (int) Math.min(most, source.examples());
    byte[] pixels = new byte[Math.multiplyExact(rows, source.features())];
    int[] labels = new int[rows];
    int[] taken = {0};
    source.read(
        example -> taken[0] < rows,
        (example, bytes, offset, label) -> {
          if (label < 0 || label >= classes) {
            throw new DataException(
                "%s has label %d, but the network tells labels 0 to %d apart"
                    .formatted(source.nameOf(example), label, classes - 1));
          }
          bytes.get(offset, pixels, taken[0] * source.features(), source.features());
          labels[taken[0]++] = label;
        });
    return new HeapShard(
        0,
        source.features(),
        Arrays.copyOf(pixels, taken[0] * source.features()),
        Arrays.copyOf(labels, taken[0]));
  }
}
