package dev.lockstep.serialization.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.data.BatchPlan;
import dev.lockstep.engine.Decisions;
import dev.lockstep.engine.EpochSums;
import dev.lockstep.engine.Monitors;
import dev.lockstep.engine.SlicedVector;
import dev.lockstep.engine.State;
import dev.lockstep.engine.Training;
import dev.lockstep.loss.SoftmaxCrossEntropy;
import dev.lockstep.network.NetworkParser;
import dev.lockstep.network.ParameterLayout;
import dev.lockstep.optimizer.Adam;
import dev.lockstep.optimizer.Momentum;
import dev.lockstep.optimizer.Optimizer;
import dev.lockstep.optimizer.Sgd;
import dev.lockstep.optimizer.Update;
import dev.lockstep.schedule.Constant;
import dev.lockstep.serialization.FormatException;
import dev.lockstep.serialization.tensor.SafetensorsFile;
import dev.lockstep.serialization.tensor.SafetensorsReader;
import dev.lockstep.serialization.tensor.SafetensorsWriter;
import dev.lockstep.serialization.tensor.Tensor;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class CheckpointTensorsTest {
  private static final long SEED = -42;
  private static final Optimizer ADAM = new Adam(0.9f, 0.999f, 1e-8f);
  private static final Optimizer MOMENTUM = new Momentum(0.9f, false);

  static List<Optimizer> optimizers() {
    return List.of(new Sgd(), MOMENTUM, ADAM);
  }

  private static Training training(Optimizer optimizer) {
    return new Training(
        NetworkParser.parse(300, List.of("dense 70 relu", "dense 3")),
        new SoftmaxCrossEntropy(),
        optimizer,
        new Constant(0.1),
        new BatchPlan(100, 10, 4, SEED, true));
  }

  private static State draw(Training training) {
    SplittableRandom random = new SplittableRandom(8);
    List<SlicedVector> slots =
        training.slots().stream().map(s -> vector(training, random)).toList();
    SlicedVector parameters = vector(training, random);
    return new State(1L << 40, SEED, parameters, slots, List.of(), monitors());
  }

  /** Of two matrices and 70 units that are counted. */
  private static Monitors monitors() {
    EpochSums epoch =
        new EpochSums(
            0.1 + 0.2,
            7,
            1L << 33,
            List.of(1.5, 1e-300),
            List.of(0.0, Double.MIN_VALUE),
            Collections.nCopies(70, 1L << 34));
    return new Monitors(epoch, new Decisions(0.1, 0.3, 1, 2, -0.5, 3, 1L << 39, true, 1L << 40));
  }

  /** Any bits where a tensor has a value, and +0 between. */
  private static SlicedVector vector(Training training, SplittableRandom random) {
    ParameterLayout layout = training.network().layout();
    float[] flat = new float[layout.length()];
    layout
        .tensors()
        .forEach(
            tensor -> {
              float[] values = new float[tensor.size()];
              for (int i = 0; i < values.length; i++) {
                values[i] = Float.intBitsToFloat(random.nextInt());
              }
              tensor.fromFileOrder(values, flat);
            });
    return SlicedVector.copyOf(flat, layout);
  }

  private static byte[] write(Training training, State state) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    CheckpointTensors.write(training, state, out);
    return out.toByteArray();
  }

  private static State read(Training training, byte[] file) throws IOException {
    return CheckpointTensors.read(training, new ByteArrayInputStream(file), file.length, "c");
  }

  @ParameterizedTest
  @MethodSource("optimizers")
  void roundTripsEveryBit(Optimizer optimizer) throws IOException {
    Training training = training(optimizer);
    State state = draw(training);
    assertThat(training.network().layout().slices()).hasSizeGreaterThan(1);
    State back = read(training, write(training, state));
    assertThat(back.step()).isEqualTo(state.step());
    assertThat(back.seed()).isEqualTo(state.seed());
    assertThat(back.monitors()).isEqualTo(state.monitors());
    assertThat(bits(back.parameters())).isEqualTo(bits(state.parameters()));
    assertThat(back.slots().stream().map(CheckpointTensorsTest::bits))
        .containsExactlyElementsOf(
            state.slots().stream().map(CheckpointTensorsTest::bits).toList());
  }

  /** The raw bits of each slice, one after the other. */
  private static List<List<Integer>> bits(SlicedVector vector) {
    List<List<Integer>> slices = new ArrayList<>();
    for (float[] slice : vector.slices()) {
      List<Integer> bits = new ArrayList<>();
      for (float value : slice) {
        bits.add(Float.floatToRawIntBits(value));
      }
      slices.add(bits);
    }
    return slices;
  }

  @Test
  void theBestParametersAreKeptToo() throws IOException {
    Training training = training(MOMENTUM);
    State drawn = draw(training);
    State state = drawn.with(drawn.monitors().decisions(), List.of(drawn.slots().get(0)));
    State back = read(training, write(training, state));
    assertThat(back.best()).hasSize(1);
    assertThat(bits(back.best().get(0))).isEqualTo(bits(state.best().get(0)));
    assertThat(bits(back.slots().get(0))).isEqualTo(bits(state.slots().get(0)));
  }

  @Test
  void theAverageIsASlot() throws IOException {
    Training plain = training(MOMENTUM);
    Update update = plain.update();
    Training averaging =
        new Training(
            plain.network(),
            plain.loss(),
            new Update(
                update.optimizer(), update.schedule(), update.clipping(), update.penalties(), 0.9f),
            plain.plan(),
            1);
    State state = draw(averaging);
    State back = read(averaging, write(averaging, state));
    assertThat(bits(back.slots().get(1))).isEqualTo(bits(state.slots().get(1)));
    byte[] withoutIt = write(plain, draw(plain));
    assertThatThrownBy(() -> read(averaging, withoutIt))
        .isInstanceOf(FormatException.class)
        .hasMessageStartingWith("c has no tensor slots/average/");
  }

  @Test
  void theStateBeforeTheFirstStepRoundTrips() throws IOException {
    Training training = training(ADAM);
    State state = State.initial(training, new float[training.network().layout().length()]);
    assertThat(read(training, write(training, state)).monitors()).isEqualTo(Monitors.NONE);
  }

  @Test
  void sameStateSameBytes() throws IOException {
    Training training = training(ADAM);
    assertThat(write(training, draw(training))).isEqualTo(write(training, draw(training)));
  }

  @Test
  void refusesTheSlotsOfAnotherOptimizer() throws IOException {
    byte[] ofMomentum = write(training(MOMENTUM), draw(training(MOMENTUM)));
    assertThatThrownBy(() -> read(training(ADAM), ofMomentum))
        .isInstanceOf(FormatException.class)
        .hasMessageStartingWith("c has no tensor slots/")
        .hasMessageEndingWith("/layers.0.weight of shape [70, 300]");
    assertThatThrownBy(() -> read(training(new Sgd()), ofMomentum))
        .isInstanceOf(FormatException.class)
        .hasMessageStartingWith("c has a tensor slots/")
        .hasMessageEndingWith("/layers.0.weight, for which the network has no place");
  }

  @Test
  void refusesTheStateOfARunWithAnotherSeed() throws IOException {
    Training training = training(MOMENTUM);
    State state = draw(training);
    State other = new State(3, 7, state.parameters(), state.slots(), List.of(), state.monitors());
    assertThatThrownBy(() -> read(training, write(training, other)))
        .isInstanceOf(FormatException.class)
        .hasMessage("c is of a run with seed 7, but this one has -42");
  }

  @ParameterizedTest
  @CsvSource({
    "step, -1",
    "step, 1.5",
    "step, 9223372036854775808",
    "step, ''",
    "seed, forty-two",
    "monitors, ''",
    "monitors, {}",
    "monitors, much"
  })
  void refusesMetadataThatIsMalformed(String key, String value) throws IOException {
    Map<String, String> changed = new HashMap<>(valid().metadata());
    changed.put(key, value);
    assertThatThrownBy(() -> read(training(MOMENTUM), file(changed, valid().tensors())))
        .isInstanceOf(FormatException.class)
        .hasMessage("c: metadata \"%s\" is \"%s\", which it cannot be".formatted(key, value));
  }

  /** Each a piece of the text, and what takes its place. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"0x1.cp2\" | \"NaN\"",
        "\"0x1.cp2\" | \"7\"",
        "\"0x1.cp2\" | 7",
        "\"0x1.8p0\", | ",
        "17179869184, | ",
        "17179869184, | -1,",
        "8589934592 | 8589934592.5",
        "\"stopped\":true | \"stopped\":true,\"more\":1"
      })
  void refusesMonitorsThatCannotBe(String piece, String other) throws IOException {
    Map<String, String> changed = new HashMap<>(valid().metadata());
    String text = changed.get("monitors");
    assertThat(text).contains(piece);
    int at = text.indexOf(piece);
    String with = other == null ? "" : other;
    changed.put("monitors", text.substring(0, at) + with + text.substring(at + piece.length()));
    assertThatThrownBy(() -> read(training(MOMENTUM), file(changed, valid().tensors())))
        .isInstanceOf(FormatException.class)
        .hasMessageStartingWith("c: metadata \"monitors\" is \"")
        .hasMessageEndingWith("which it cannot be");
  }

  @ParameterizedTest
  @CsvSource({"step", "seed", "monitors"})
  void refusesMetadataThatIsMissing(String key) throws IOException {
    Map<String, String> changed = new HashMap<>(valid().metadata());
    changed.remove(key);
    assertThatThrownBy(() -> read(training(MOMENTUM), file(changed, valid().tensors())))
        .isInstanceOf(FormatException.class)
        .hasMessage(
            "c has %s in its metadata; want [monitors, seed, step]"
                .formatted(new TreeSet<>(changed.keySet())));
  }

  @Test
  void refusesMetadataThatIsUnknown() throws IOException {
    Map<String, String> changed = new HashMap<>(valid().metadata());
    changed.put("best_step", "3");
    assertThatThrownBy(() -> read(training(MOMENTUM), file(changed, valid().tensors())))
        .isInstanceOf(FormatException.class)
        .hasMessageStartingWith("c has [best_step, monitors,");
  }

  @Test
  void refusesTruncatedFiles() throws IOException {
    byte[] whole = write(training(MOMENTUM), draw(training(MOMENTUM)));
    for (int length = 0; length < whole.length; length += 997) {
      byte[] truncated = Arrays.copyOf(whole, length);
      assertThatThrownBy(() -> read(training(MOMENTUM), truncated))
          .isInstanceOf(FormatException.class)
          .hasMessageStartingWith("c: ");
    }
  }

  private static SafetensorsFile valid() throws IOException {
    byte[] bytes = write(training(MOMENTUM), draw(training(MOMENTUM)));
    return SafetensorsReader.read(new ByteArrayInputStream(bytes), bytes.length, "c");
  }

  private static byte[] file(Map<String, String> metadata, List<Tensor> tensors)
      throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    SafetensorsWriter.write(out, metadata, tensors);
    return out.toByteArray();
  }
}
