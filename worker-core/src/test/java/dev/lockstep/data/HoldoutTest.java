package dev.lockstep.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.random.Permutation;
import dev.lockstep.random.Purpose;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HoldoutTest {
  private static final long SEED = 42;

  /** The label of each example, by index; that of Numbered is its index in the whole. */
  private static Map<Long, Integer> labels(ExampleSource source) throws IOException {
    Map<Long, Integer> labels = new TreeMap<>();
    source.read(
        i -> true,
        (index, pixels, offset, label) -> {
          assertThat(pixels.get(offset)).isEqualTo((byte) label);
          assertThat(labels.put(index, label)).as("example %d again", index).isNull();
        });
    return labels;
  }

  @ParameterizedTest
  @CsvSource({
    "10, 0.1, 1",
    "10, 0.25, 3",
    "10, 0.24, 2",
    "10, 0.35, 4",
    "10, 0.94, 9",
    "2, 0.25, 1",
    "60000, 0.1, 6000",
    "101, 0.5, 51"
  })
  void sizesAreRoundedHalfUp(int examples, double fraction, int held) {
    for (boolean isShuffled : new boolean[] {true, false}) {
      Holdout holdout = Holdout.of(new Numbered(examples), fraction, SEED, isShuffled);
      assertThat(holdout.validation().examples()).isEqualTo(held);
      assertThat(holdout.training().examples()).isEqualTo(examples - held);
    }
  }

  @ParameterizedTest
  @CsvSource({"10, 0.04, 0, 10", "10, 0.96, 10, 0", "1, 0.3, 0, 1", "1, 0.5, 1, 0"})
  void eachPartNeedsAnExample(int examples, double fraction, int held, int kept) {
    assertThatThrownBy(() -> Holdout.of(new Numbered(examples), fraction, SEED, true))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "of the %d examples of numbered, %d would be held out and %d be trained on; want at least 1 of each"
                .formatted(examples, held, kept));
  }

  @Test
  void theOrderIsThatOfThePermutation() throws IOException {
    Holdout holdout = Holdout.of(new Numbered(101), 0.2, SEED, true);
    Permutation order = Permutation.of(101, SEED, Purpose.VALIDATION_SPLIT, 0, 0);
    Map<Long, Integer> training = labels(holdout.training());
    Map<Long, Integer> validation = labels(holdout.validation());
    assertThat(training).hasSize(81);
    assertThat(validation).hasSize(20);
    for (long p = 0; p < 101; p++) {
      Integer label = p < 81 ? training.get(p) : validation.get(p - 81);
      assertThat(label).isEqualTo((int) order.apply(p));
    }
  }

  @Test
  void withoutShufflingTheLastAreHeldOut() throws IOException {
    Holdout holdout = Holdout.of(new Numbered(10), 0.3, SEED, false);
    assertThat(labels(holdout.training()).toString())
        .isEqualTo("{0=0, 1=1, 2=2, 3=3, 4=4, 5=5, 6=6}");
    assertThat(labels(holdout.validation()).toString()).isEqualTo("{0=7, 1=8, 2=9}");
  }

  @Test
  void anotherSeedHoldsOutOthers() throws IOException {
    assertThat(
            Set.copyOf(labels(Holdout.of(new Numbered(100), 0.2, 1, true).validation()).values()))
        .hasSize(20)
        .isNotEqualTo(
            Set.copyOf(labels(Holdout.of(new Numbered(100), 0.2, 2, true).validation()).values()));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 81})
  void shardsAreCutInAnyParts(int parts) throws IOException {
    ExampleSource training = Holdout.of(new Numbered(101), 0.2, SEED, true).training();
    BatchPlan plan = new BatchPlan(81, 10, 8, 7, true);
    ShardCutter cutter = new ShardCutter(training, plan, 2, 7, 101, ShardRoom.HEAP);
    for (int part = parts - 1; part >= 0; part--) {
      cutter.read(101L * part / parts, 101L * (part + 1) / parts);
    }
    Map<Long, Integer> labels = labels(training);
    Permutation order = plan.dataOrder();
    for (Shard shard : cutter.shards()) {
      for (int item = 0; item < shard.items(); item++) {
        long example = order.apply((long) item * 8 + shard.index());
        assertThat(shard.label(item)).isEqualTo(labels.get(example));
        assertThat(shard.bytes(item, new byte[1])[shard.offset(item)])
            .isEqualTo((byte) shard.label(item));
      }
    }
  }

  @Test
  void onlyWhatIsWantedIsVisited() throws IOException {
    ExampleSource validation = Holdout.of(new Numbered(50), 0.5, SEED, true).validation();
    Map<Long, Integer> all = labels(validation);
    Map<Long, Integer> some = new TreeMap<>();
    validation.read(i -> i % 3 == 1, (index, pixels, offset, label) -> some.put(index, label));
    all.keySet().removeIf(i -> i % 3 != 1);
    assertThat(some).isEqualTo(all);
  }

  /** A user finds an example under its number in the files, not in the part. */
  @Test
  void badLabelsAreNamedByTheirPlaceInTheWhole() {
    ExampleSource training = Holdout.of(new Numbered(20), 0.5, SEED, true).training();
    BatchPlan plan = new BatchPlan(10, 10, 1, SEED, true);
    assertThatThrownBy(() -> Shard.read(training, plan, 0, 1, 0))
        .isInstanceOf(DataException.class)
        .satisfies(
            e ->
                assertThat(e.getMessage())
                    .matches("numbered: example (\\d+) has label \\1, but.*"));
  }

  @Test
  void partsAreLikeTheWhole() {
    for (ExampleSource whole :
        new ExampleSource[] {new Numbered(30), new SyntheticDigits(30, 1, Split.TRAIN)}) {
      Holdout holdout = Holdout.of(whole, 0.5, SEED, true);
      for (ExampleSource part : new ExampleSource[] {holdout.training(), holdout.validation()}) {
        assertThat(part.name()).isEqualTo(whole.name());
        assertThat(part.shape()).isEqualTo(whole.shape());
        assertThat(part.features()).isEqualTo(whole.features());
        assertThat(part.access()).isEqualTo(whole.access());
        assertThat(part.stored()).isEqualTo(whole.examples());
      }
    }
  }

  @Test
  void travelsWithoutAList() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(Holdout.of(new Numbered(1_000_000), 0.1, SEED, true).training());
    }
    assertThat(bytes.size()).isLessThan(1000);
  }

  /** Examples of one byte, whose label is their index. */
  private record Numbered(long examples) implements ExampleSource {
    @Override
    public String name() {
      return "numbered";
    }

    @Override
    public int features() {
      return 1;
    }

    @Override
    public ExampleReader open(long first) {
      return new SteppingReader(first) {
        @Override
        protected void show(long example, Sink sink) throws IOException {
          sink.accept(example, ByteBuffer.wrap(new byte[] {(byte) example}), 0, (int) example);
        }
      };
    }
  }
}
