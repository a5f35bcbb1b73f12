package dev.lockstep.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.lockstep.data.BatchPlan;
import dev.lockstep.data.Shard;
import dev.lockstep.fixture.Bits;
import dev.lockstep.fixture.Examples;
import dev.lockstep.fixture.KernelWidths;
import dev.lockstep.fixture.ReferenceNetwork;
import dev.lockstep.init.InitScheme;
import dev.lockstep.kernel.Kernels;
import dev.lockstep.loss.SoftmaxCrossEntropy;
import dev.lockstep.network.Network;
import dev.lockstep.network.NetworkParser;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class EvaluationTest {
  private static final int FEATURES = 20;
  private static final int CLASSES = 5;

  private static final Network NETWORK = NetworkParser.parse(FEATURES, List.of("dense 5"));

  /** More than two blocks of rows, and a part of one. */
  private static final int COUNT = 2 * NETWORK.blockRows() + 37;

  private static final Examples DATA =
      Examples.draw(COUNT, FEATURES, CLASSES, new SplittableRandom(21));

  private List<Evaluation> evaluate(float[] parameters, int shards, Kernels kernels) {
    return Evaluation.of(
        NETWORK,
        new SoftmaxCrossEntropy(),
        parameters,
        DATA.shards(new BatchPlan(COUNT, 10, shards, 1, true)),
        kernels);
  }

  private Evaluation total(float[] parameters) {
    return Evaluation.total(evaluate(parameters, 1, KernelWidths.all().get(0)));
  }

  private float[] drawParameters() {
    return InitScheme.heNormal().parameters(NETWORK.layout(), 3);
  }

  @Test
  void isThatOfAPlainComputationInDouble() {
    float[] parameters = drawParameters();
    float[] weight = NETWORK.layout().tensors().get(0).toFileOrder(parameters);
    float[] bias = NETWORK.layout().tensors().get(1).toFileOrder(parameters);
    double loss = 0;
    long correct = 0;
    for (int e = 0; e < COUNT; e++) {
      double[] logits = new double[CLASSES];
      int best = 0;
      for (int c = 0; c < CLASSES; c++) {
        logits[c] = bias[c];
        for (int i = 0; i < FEATURES; i++) {
          logits[c] += (double) weight[c * FEATURES + i] * (DATA.pixels()[e][i] & 0xff) / 255;
        }
        best = logits[c] > logits[best] ? c : best;
      }
      loss += ReferenceNetwork.crossEntropy(logits, DATA.labels()[e]);
      correct += best == DATA.labels()[e] ? 1 : 0;
    }
    for (Kernels kernels : KernelWidths.all()) {
      Evaluation actual = Evaluation.total(evaluate(parameters, 3, kernels));
      assertThat(actual.loss()).isCloseTo(loss, within(1e-6 * loss));
      assertThat(actual.correct()).isEqualTo(correct).isBetween(1L, COUNT - 1L);
      assertThat(actual.examples()).isEqualTo(COUNT);
      assertThat(actual.meanLoss()).isEqualTo(actual.loss() / COUNT);
      assertThat(actual.accuracy()).isEqualTo((double) correct / COUNT);
    }
  }

  @Test
  void theLowestIndexWinsATie() {
    float[] parameters = new float[NETWORK.layout().length()];
    assertThat(total(parameters).correct()).isEqualTo(count(0));
    NETWORK.layout().tensors().get(1).fromFileOrder(new float[] {1, 2, 3, 3, 3}, parameters);
    assertThat(total(parameters).correct()).isEqualTo(count(2));
  }

  private static long count(int label) {
    long count = 0;
    for (int l : DATA.labels()) {
      count += l == label ? 1 : 0;
    }
    return count;
  }

  @Test
  void howShardsAreGatheredChangesNoBit() {
    List<Evaluation> shards = evaluate(drawParameters(), 16, KernelWidths.all().get(0));
    Evaluation expected = Evaluation.total(shards);
    for (int seed = 0; seed < 20; seed++) {
      List<Evaluation> shuffled = new ArrayList<>(shards);
      Collections.shuffle(shuffled, new Random(seed));
      Bits.assertSame("order " + seed, Evaluation.total(shuffled).loss(), expected.loss());
    }
  }

  @Test
  void blocksThatGoAcrossShardsChangeNoBit() {
    float[] parameters = drawParameters();
    Kernels kernels = KernelWidths.all().get(0);
    List<Evaluation> together = evaluate(parameters, 16, kernels);
    List<Evaluation> alone = new ArrayList<>();
    for (Shard shard : DATA.shards(new BatchPlan(COUNT, 10, 16, 1, true))) {
      alone.addAll(
          Evaluation.of(NETWORK, new SoftmaxCrossEntropy(), parameters, List.of(shard), kernels));
    }
    assertThat(together).isEqualTo(alone);
  }

  @Test
  void widthsGiveTheSameBits() {
    List<Evaluation> expected = evaluate(drawParameters(), 7, KernelWidths.all().get(0));
    for (Kernels kernels : KernelWidths.all()) {
      assertThat(evaluate(drawParameters(), 7, kernels)).as(kernels.name()).isEqualTo(expected);
    }
  }

  @Test
  void shardsChangeTheRoundingOfTheSumAlone() {
    Evaluation one = total(drawParameters());
    for (int shards : new int[] {2, 3, 64, 1024}) {
      Evaluation many =
          Evaluation.total(evaluate(drawParameters(), shards, KernelWidths.all().get(0)));
      assertThat(many.correct()).isEqualTo(one.correct());
      assertThat(many.examples()).isEqualTo(one.examples());
      assertThat(many.loss()).isCloseTo(one.loss(), within(1e-13 * one.loss()));
    }
  }
}
