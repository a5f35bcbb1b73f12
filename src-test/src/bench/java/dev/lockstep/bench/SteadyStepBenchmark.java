package dev.lockstep.bench;

import dev.lockstep.data.BatchPlan;
import dev.lockstep.data.Shard;
import dev.lockstep.data.Split;
import dev.lockstep.data.SyntheticDigits;
import dev.lockstep.engine.Decisions;
import dev.lockstep.engine.PanelSquares;
import dev.lockstep.engine.StepEnd;
import dev.lockstep.engine.Training;
import dev.lockstep.gradient.NodeSum;
import dev.lockstep.gradient.ShardGradients;
import dev.lockstep.init.InitScheme;
import dev.lockstep.kernel.KernelChoice;
import dev.lockstep.kernel.Kernels;
import dev.lockstep.loss.SoftmaxCrossEntropy;
import dev.lockstep.network.NetworkParser;
import dev.lockstep.network.ParameterLayout;
import dev.lockstep.optimizer.Momentum;
import dev.lockstep.schedule.Constant;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The steady step of the reference engine, sums and update: {@code gc.alloc.rate.norm} says how
 * many bytes it allocates.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class SteadyStepBenchmark {
  private static final int EXAMPLES = 60_000;

  /** Examples of a step. */
  @Param({"128", "1024", "4096"})
  public int batch;

  private ShardGradients gradients;
  private StepEnd stepEnd;
  private ParameterLayout layout;
  private float[] parameters;
  private float[][] slots;
  private PanelSquares squares;
  private long step;

  /** Makes data and state. */
  @Setup
  public void prepare() throws IOException {
    SyntheticDigits digits = new SyntheticDigits(EXAMPLES, 1, Split.TRAIN);
    BatchPlan plan = new BatchPlan(EXAMPLES, batch, BatchPlan.autoShards(batch), 1, true);
    Training training =
        new Training(
            NetworkParser.parse(
                digits.features(),
                List.of("dense 256 relu", "dense 128 relu", "dense 64 relu", "dense 10")),
            new SoftmaxCrossEntropy(),
            new Momentum(0.9f, false),
            new Constant(0.01),
            plan);
    Kernels kernels = KernelChoice.of("auto").kernels();
    layout = training.network().layout();
    gradients =
        new ShardGradients(
            training.network(),
            training.loss(),
            plan,
            Shard.read(digits, plan, 0, plan.shards(), training.network().outputs()),
            kernels);
    stepEnd = new StepEnd(training, Decisions.NONE, kernels);
    parameters = InitScheme.heNormal().parameters(layout, 1);
    slots = new float[training.slots().size()][layout.length()];
    squares = PanelSquares.of(layout);
  }

  /** One step. */
  @Benchmark
  public boolean step() {
    NodeSum sum = gradients.sum(step, parameters).total();
    return stepEnd.update(
        step++, sum, layout.slices(), sum.gradient(), parameters, slots, squares);
  }
}
