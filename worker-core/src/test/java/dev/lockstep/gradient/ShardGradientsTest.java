package dev.lockstep.gradient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.lockstep.data.BatchPlan;
import dev.lockstep.data.HeapShard;
import dev.lockstep.data.Shard;
import dev.lockstep.fixture.Bits;
import dev.lockstep.fixture.CentralDifferences;
import dev.lockstep.fixture.Examples;
import dev.lockstep.fixture.KernelWidths;
import dev.lockstep.fixture.ReferenceNetwork;
import dev.lockstep.fixture.ReferenceNetwork.Stage;
import dev.lockstep.init.InitScheme;
import dev.lockstep.kernel.Kernels;
import dev.lockstep.kernel.RowSegments;
import dev.lockstep.layer.Rows;
import dev.lockstep.loss.Loss;
import dev.lockstep.loss.SoftmaxCrossEntropy;
import dev.lockstep.loss.Targets;
import dev.lockstep.network.Network;
import dev.lockstep.network.NetworkParser;
import dev.lockstep.network.Workspace;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ShardGradientsTest {
  private static final int FEATURES = 20;
  private static final int CLASSES = 5;
  private static final Loss LOSS = new SoftmaxCrossEntropy();
  private static final Network NETWORK =
      NetworkParser.parse(FEATURES, List.of("dense 17 tanh", "dense " + CLASSES));
  private static final float[] PARAMETERS = InitScheme.heNormal().parameters(NETWORK.layout(), 4);

  private final SplittableRandom random = new SplittableRandom(4);

  @Test
  void isTheDerivativeOfTheLossOverTheExamplesOfTheStep() {
    Examples examples = Examples.draw(40, FEATURES, CLASSES, random);
    BatchPlan plan = new BatchPlan(40, 13, 4, 0, false);
    ReferenceNetwork reference =
        new ReferenceNetwork(FEATURES, List.of(new Stage(17, "tanh"), new Stage(5, "identity")));
    for (long step = 0; step < plan.stepsOf(0); step++) {
      int first = (int) step * 13;
      float[][] x = new float[plan.examplesOf(step)][FEATURES];
      int[] targets = new int[x.length];
      for (int r = 0; r < x.length; r++) {
        targets[r] = examples.labels()[first + r];
        for (int i = 0; i < FEATURES; i++) {
          x[r][i] = Byte.toUnsignedInt(examples.pixels()[first + r][i]) / 255f;
        }
      }
      CentralDifferences expected = new CentralDifferences(reference, x, targets, random);
      NodeSum sum = sum(plan, examples, step, expected.parameters(NETWORK));
      assertThat(sum.examples()).isEqualTo(x.length);
      assertThat(sum.loss()).isCloseTo(expected.loss(), within(1e-5 * expected.loss()));
      expected.assertClose(NETWORK, sum.gradient(), 1e-4);
    }
  }

  /** One shard of 2,700 rows goes through blocks of 256; here it is one chain over one block. */
  @Test
  void aLargeShardInBlocksIsOneChain() {
    Examples examples = Examples.draw(2700, FEATURES, CLASSES, random);
    BatchPlan plan = new BatchPlan(2700, 2700, 1, 0, false);
    Shard shard = examples.shards(plan).get(0);
    for (Kernels kernels : KernelWidths.all()) {
      Workspace work = new Workspace(NETWORK, 2700);
      ExampleRows filling = new ExampleRows(kernels.elements(), shard.format(), 2700);
      for (int r = 0; r < 2700; r++) {
        filling.fill(shard, r, work.x(), r);
      }
      float[] losses = new float[2700];
      float[] gradient = new float[PARAMETERS.length];
      NETWORK.transpose(kernels, PARAMETERS, work);
      Rows rows = Rows.learned(RowSegments.single(2700, false));
      NETWORK.forward(kernels, rows, PARAMETERS, work);
      LOSS.lossAndGradient(
          kernels,
          2700,
          work.y(),
          Targets.ofClasses(((HeapShard) shard).labels()),
          losses,
          work.dy());
      NETWORK.backward(kernels, rows, PARAMETERS, gradient, work);
      double loss = 0;
      for (float l : losses) {
        loss += l;
      }

      NodeSum sum =
          new ShardGradients(NETWORK, LOSS, plan, List.of(shard), kernels)
              .sum(0, PARAMETERS)
              .total();
      Bits.assertSame(kernels.name(), sum.gradient(), gradient);
      Bits.assertSame(kernels.name(), sum.loss(), loss);
    }
  }

  /** However the shards are dealt to ranks, the sums of the ranks merge to the same bits. */
  @ParameterizedTest
  @CsvSource({"1, 40", "3, 40", "7, 5", "16, 300", "16, 2000", "33, 700", "64, 64", "64, 1000"})
  void ranksOfAnyNumberGiveTheSameBits(int shards, int batchSize) {
    Examples examples = Examples.draw(2100, FEATURES, CLASSES, random);
    BatchPlan plan = new BatchPlan(2100, batchSize, shards, 9, true);
    List<Shard> all = examples.shards(plan);
    Kernels kernels = KernelWidths.all().get(0);
    long lastStep = plan.stepsOf(0) - 1;
    for (long step : new long[] {0, lastStep, lastStep + 1}) {
      NodeSum expected = sum(plan, examples, step, PARAMETERS);
      for (int ranks : new int[] {2, 3, 5, 8, shards}) {
        PartialSums sums = new PartialSums(shards, 0, PARAMETERS.length);
        for (int rank = 0; rank < ranks; rank++) {
          int from = shards * rank / ranks;
          int to = shards * (rank + 1) / ranks;
          if (from < to) {
            ShardGradients own =
                new ShardGradients(NETWORK, LOSS, plan, all.subList(from, to), kernels);
            sums.merge(own.sum(step, PARAMETERS));
          }
        }
        NodeSum total = sums.total();
        String what = "step %d over %d ranks".formatted(step, ranks);
        Bits.assertSame(what, total.gradient(), expected.gradient());
        Bits.assertSame(what, total.loss(), expected.loss());
        assertThat(total.examples()).as(what).isEqualTo(expected.examples());
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 6, 50})
  void aSecondCallDoesNotRememberTheFirst(int shards) {
    Examples examples = Examples.draw(900, FEATURES, CLASSES, random);
    BatchPlan plan = new BatchPlan(900, 600, shards, 9, true);
    Kernels kernels = KernelWidths.all().get(0);
    ShardGradients used = new ShardGradients(NETWORK, LOSS, plan, examples.shards(plan), kernels);
    for (long step : new long[] {0, 1, 2, 5, 0}) {
      NodeSum sum = used.sum(step, PARAMETERS).total();
      NodeSum fresh = sum(plan, examples, step, PARAMETERS);
      Bits.assertSame("step " + step, sum.gradient(), fresh.gradient());
      Bits.assertSame("step " + step, sum.loss(), fresh.loss());
    }
  }

  private static NodeSum sum(BatchPlan plan, Examples examples, long step, float[] parameters) {
    Kernels kernels = KernelWidths.all().get(0);
    return new ShardGradients(NETWORK, LOSS, plan, examples.shards(plan), kernels)
        .sum(step, parameters)
        .total();
  }
}
