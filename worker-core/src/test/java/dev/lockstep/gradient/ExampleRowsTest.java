package dev.lockstep.gradient;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.data.BatchPlan;
import dev.lockstep.data.ExampleFormat;
import dev.lockstep.data.ExampleFormat.Element;
import dev.lockstep.data.HeapShard;
import dev.lockstep.data.Shard;
import dev.lockstep.fixture.KernelWidths;
import dev.lockstep.init.InitScheme;
import dev.lockstep.kernel.Kernels;
import dev.lockstep.kernel.Panels;
import dev.lockstep.loss.SoftmaxCrossEntropy;
import dev.lockstep.network.Network;
import dev.lockstep.network.NetworkParser;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExampleRowsTest {
  private static final int ITEMS = 40;

  /** Bytes, and the same numbers as the floats that they stand for. */
  private static Shard bytes(int features) {
    byte[] bytes = new byte[ITEMS * features];
    new SplittableRandom(1).nextBytes(bytes);
    int[] labels = new SplittableRandom(2).ints(ITEMS, 0, 4).toArray();
    return new HeapShard(0, features, bytes, labels);
  }

  private static Shard floats(HeapShard shard) {
    ExampleFormat format = new ExampleFormat(shard.features(), Element.FLOAT, 0, false);
    byte[] bytes = new byte[ITEMS * format.bytes()];
    for (int item = 0; item < ITEMS; item++) {
      for (int f = 0; f < shard.features(); f++) {
        int pixel = Byte.toUnsignedInt(shard.bytes()[shard.offset(item) + f]);
        format.setFeature(bytes, item * format.bytes(), f, (float) (pixel / 255.0));
      }
    }
    return new HeapShard(0, format, bytes, shard.labels());
  }

  /** So who divides bytes by 255 in double, as Spark's users do, trains to the same bits. */
  @ParameterizedTest
  @ValueSource(ints = {1, 31, 32, 33, 100})
  void floatsTrainToTheSameBitsAsTheBytesThatTheyStandFor(int features) {
    Network network = NetworkParser.parse(features, List.of("dense 5 relu", "dense 4"));
    float[] parameters = InitScheme.heNormal().parameters(network.layout(), 4);
    BatchPlan plan = new BatchPlan(ITEMS, ITEMS, 1, 0, false);
    Shard bytes = bytes(features);
    for (Kernels kernels : KernelWidths.all()) {
      List<float[]> gradients = new ArrayList<>();
      for (Shard shard : List.of(bytes, floats((HeapShard) bytes))) {
        gradients.add(
            new ShardGradients(network, new SoftmaxCrossEntropy(), plan, List.of(shard), kernels)
                .sum(0, parameters)
                .total()
                .gradient()
                .clone());
      }
      assertThat(gradients.get(1)).isEqualTo(gradients.get(0));
    }
  }

  @Test
  void vectorsAndWeightsComeWithTheirFeatures() {
    ExampleFormat format = new ExampleFormat(2, Element.FLOAT, 3, true);
    byte[] bytes = new byte[2 * format.bytes()];
    int second = format.bytes();
    format.setFeature(bytes, second, 1, -7);
    format.setTarget(bytes, second, 2, 3.5f);
    format.setWeight(bytes, second, 0.5f);
    Shard shard = new HeapShard(0, format, bytes, new int[0]);
    Panels x = Panels.allocate(4, 2);
    ExampleRows rows = new ExampleRows(KernelWidths.all().get(0).elements(), format, 4);
    rows.fill(shard, 1, x, 3);
    assertThat(shard.items()).isEqualTo(2);
    assertThat(x.get(3, 1)).isEqualTo(-7f);
    assertThat(rows.targets().classes()).isNull();
    assertThat(rows.targets().values().get(3, 2)).isEqualTo(3.5f);
    assertThat(rows.targets().weight(3)).isEqualTo(0.5f);
  }
}
