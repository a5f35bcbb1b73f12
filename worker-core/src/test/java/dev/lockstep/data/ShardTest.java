package dev.lockstep.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.random.Permutation;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ShardTest {
  private static final SyntheticDigits DIGITS = new SyntheticDigits(101, 5, Split.TRAIN);

  @ParameterizedTest
  @CsvSource({"1, true", "3, true", "8, true", "8, false", "128, true"})
  void holdsTheExamplesOfThePlan(int shards, boolean shuffled) throws IOException {
    BatchPlan plan = new BatchPlan(101, 10, shards, 42, shuffled);
    Map<Long, byte[]> pixelsOf = new HashMap<>();
    Map<Long, Integer> labelOf = new HashMap<>();
    DIGITS.read(
        i -> true,
        (index, pixels, offset, label) -> {
          byte[] image = new byte[784];
          pixels.get(offset, image);
          pixelsOf.put(index, image);
          labelOf.put(index, label);
        });
    Permutation order = plan.dataOrder();
    int items = 0;
    for (Shard shard : Shard.read(DIGITS, plan, 0, shards, 10)) {
      assertThat(shard.items()).isEqualTo(plan.itemsOf(shard.index()));
      for (int item = 0; item < shard.items(); item++) {
        long example = order.apply((long) item * shards + shard.index());
        assertThat(shard.label(item)).isEqualTo(labelOf.get(example));
        assertThat(Arrays.copyOfRange(((HeapShard) shard).bytes(), item * 784, (item + 1) * 784))
            .isEqualTo(pixelsOf.get(example));
        items++;
      }
    }
    assertThat(items).isEqualTo(101);
  }

  @Test
  void aRangeIsTheSameAsItsPartOfAll() throws IOException {
    BatchPlan plan = new BatchPlan(101, 10, 8, 42, true);
    List<Shard> all = Shard.read(DIGITS, plan, 0, 8, 10);
    List<Shard> part = Shard.read(DIGITS, plan, 3, 5, 10);
    assertThat(part).extracting(Shard::index).containsExactly(3, 4);
    assertThat(part).isEqualTo(all.subList(3, 5));
  }

  @Test
  void readsNoExampleOfOtherShards() throws IOException {
    BatchPlan plan = new BatchPlan(101, 10, 8, 42, true);
    AtomicInteger wantedExamples = new AtomicInteger();
    ExampleSource counting =
        new Labelled(101, 0) {
          @Override
          void show(long example, Sink sink) throws IOException {
            wantedExamples.incrementAndGet();
            super.show(example, sink);
          }
        };
    List<Shard> part = Shard.read(counting, plan, 3, 5, 10);
    assertThat(wantedExamples.get()).isEqualTo(part.get(0).items() + part.get(1).items());
  }

  @Test
  void labelBeyondTheNetwork() {
    BatchPlan plan = new BatchPlan(4, 2, 1, 42, true);
    assertThatThrownBy(() -> Shard.read(new Labelled(4, 10), plan, 0, 1, 10))
        .isInstanceOf(DataException.class)
        .hasMessage(
            "labelled: example 0 has label 10, but the network has 10 outputs, for labels 0 to 9");
    assertThatThrownBy(() -> Shard.read(new Labelled(4, -1), plan, 0, 1, 10))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("has label -1");
  }

  @Test
  void planForAnotherSource() {
    BatchPlan plan = new BatchPlan(5, 2, 1, 42, true);
    assertThatThrownBy(() -> Shard.read(new Labelled(4, 0), plan, 0, 1, 10))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("labelled has 4 examples, but the plan is for 5");
  }

  @Test
  void rangeBeyondThePlan() {
    BatchPlan plan = new BatchPlan(4, 2, 2, 42, true);
    assertThatThrownBy(() -> Shard.read(new Labelled(4, 0), plan, 1, 3, 10))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("shards 1 to 3: want a range within 0 to 2");
  }

  @Test
  void moreThanOneArrayHolds() {
    long n = 3L << 30;
    BatchPlan plan = new BatchPlan(n, 2, 2, 42, true);
    assertThatThrownBy(() -> Shard.read(new Labelled(n, 0), plan, 0, 2, 10))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("shard 0 would take 3221225472 bytes")
        .hasMessageEndingWith("use more shards than 2, or set data.memory-limit");
  }

  /** Examples of two bytes that all have one label. */
  private static class Labelled implements ExampleSource {
    private final long examples;
    private final int label;

    Labelled(long examples, int label) {
      this.examples = examples;
      this.label = label;
    }

    @Override
    public String name() {
      return "labelled";
    }

    @Override
    public long examples() {
      return examples;
    }

    @Override
    public int features() {
      return 2;
    }

    @Override
    public ExampleReader open(long first) {
      return new SteppingReader(first) {
        @Override
        protected void show(long example, Sink sink) throws IOException {
          Labelled.this.show(example, sink);
        }
      };
    }

    void show(long example, Sink sink) throws IOException {
      sink.accept(example, ByteBuffer.allocate(2), 0, label);
    }
  }
}
