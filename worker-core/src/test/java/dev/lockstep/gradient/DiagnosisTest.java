package dev.lockstep.gradient;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.data.BatchPlan;
import dev.lockstep.data.HeapShard;
import dev.lockstep.data.Shard;
import dev.lockstep.gradient.Diagnosis.Symptom;
import dev.lockstep.kernel.KernelChoice;
import dev.lockstep.kernel.Kernels;
import dev.lockstep.kernel.Panels;
import dev.lockstep.loss.SoftmaxCrossEntropy;
import dev.lockstep.network.Network;
import dev.lockstep.network.NetworkParser;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Three inputs, 40 units, two classes; 23 examples of which pixel 0 tells the place. */
final class DiagnosisTest {
  private static final int EXAMPLES = 23;

  private final Network network =
      NetworkParser.parse(3, List.of("dense 40 relu", "dense 33 tanh", "dense 2"));

  private final BatchPlan plan = new BatchPlan(EXAMPLES, 12, 4, 7, true);
  private final Kernels kernels = KernelChoice.of("auto").kernels();
  private final List<Shard> shards = shards();

  private List<Shard> shards() {
    List<Shard> shards = new ArrayList<>();
    for (int s = 0; s < plan.shards(); s++) {
      byte[] pixels = new byte[3 * plan.itemsOf(s)];
      for (int item = 0; item < plan.itemsOf(s); item++) {
        pixels[3 * item] = (byte) plan.dataOrder().apply((long) item * plan.shards() + s);
      }
      shards.add(new HeapShard(s, 3, pixels, new int[plan.itemsOf(s)]));
    }
    return shards;
  }

  private float[] parameters() {
    float[] parameters = new float[network.layout().length()];
    for (int l = 0; l < network.layers().size(); l++) {
      Panels w = network.layout().matrix(l, parameters);
      for (int row = 0; w != null && row < w.rows(); row++) {
        for (int c = 0; c < w.columns(); c++) {
          w.set(row, c, 0.01f * (1 + (row + c) % 3));
        }
      }
    }
    return parameters;
  }

  private void set(float[] parameters, int layer, int row, int column, float value) {
    network.layout().matrix(layer, parameters).set(row, column, value);
  }

  private Diagnosis diagnose(long step, float[] parameters) {
    return Diagnosis.of(
            network, new SoftmaxCrossEntropy(), plan, shards, kernels, 1e10, step, parameters)
        .orElseThrow();
  }

  /** The places of the examples that a shard gives to a step, as the plan has them. */
  private List<Long> examples(long step, int shard) {
    List<Long> examples = new ArrayList<>();
    for (int v = 0; v < plan.visits(step, shard); v++) {
      long item = plan.visitOrder(0, shard).apply(plan.firstVisit(step, shard) + v);
      examples.add(plan.dataOrder().apply(item * plan.shards() + shard));
    }
    return examples.stream().sorted().toList();
  }

  @Test
  void namesTheFirstLayerWhoseOutputsAreNotFinite() {
    float[] parameters = parameters();
    set(parameters, 2, 5, 30, Float.NaN);
    Diagnosis found = diagnose(1, parameters);
    assertThat(found.symptom()).isEqualTo(Symptom.OUTPUT);
    assertThat(found.layer()).isEqualTo(2);
    assertThat(found.shard()).isZero();
    assertThat(found.examples()).isEqualTo(examples(1, 0));
    assertThat(found.count()).isEqualTo(found.rows()).isEqualTo(plan.visits(1, 0));
  }

  /** Two products of 3e38 overflow only where both pixels are bright. */
  @Test
  void namesTheExamplesThatShowIt() {
    float[] parameters = parameters();
    set(parameters, 0, 0, 17, 3e38f);
    set(parameters, 0, 1, 17, 3e38f);
    int shard = 2;
    int item = (int) plan.visitOrder(0, shard).apply(plan.firstVisit(1, shard));
    long example = plan.dataOrder().apply((long) item * plan.shards() + shard);
    Arrays.fill(((HeapShard) shards.get(shard)).bytes(), 3 * item, 3 * item + 2, (byte) 255);
    Diagnosis found = diagnose(1, parameters);
    assertThat(found.symptom()).isEqualTo(Symptom.OUTPUT);
    assertThat(found.layer()).isZero();
    assertThat(found.shard()).isEqualTo(shard);
    assertThat(found.examples()).containsExactly(example);
    assertThat(found.rows()).isEqualTo(plan.visits(1, shard)).isGreaterThan(1);
  }

  /** Each example's gradient of the hidden unit is finite, but not their sum. */
  @Test
  void namesTheLayerWhoseGradientIsNotFinite() {
    float[] parameters = new float[network.layout().length()];
    set(parameters, 4, 0, 0, 3e38f);
    set(parameters, 4, 0, 1, -3e38f);
    Diagnosis found = diagnose(0, parameters);
    assertThat(found.symptom()).isEqualTo(Symptom.GRADIENT);
    assertThat(found.layer()).isEqualTo(2);
    assertThat(found.magnitude()).isInfinite();
  }

  @Test
  void namesTheExamplesWhoseLossIsBeyondMeasure() {
    float[] parameters = new float[network.layout().length()];
    Panels output = network.layout().matrix(4, parameters);
    output.set(output.rows() - 1, 1, 1e12f); // The bias of the class that none of them has.
    Diagnosis found = diagnose(0, parameters);
    assertThat(found.symptom()).isEqualTo(Symptom.LOSS);
    assertThat(found.magnitude()).isEqualTo(1e12f);
    assertThat(found.examples()).isEqualTo(examples(0, 0));
  }

  @Test
  void namesTheLayerWithTheLargestGradientWhereAllIsFinite() {
    float[] parameters = parameters();
    Diagnosis found = diagnose(0, parameters);
    assertThat(found.symptom()).isEqualTo(Symptom.LARGE);
    assertThat(found.magnitude()).isPositive().isFinite();
    assertThat(found.examples()).isEmpty();
    assertThat(found.layer()).isEqualTo(4);
  }
}
