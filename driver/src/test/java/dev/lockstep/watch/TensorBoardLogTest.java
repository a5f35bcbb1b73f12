package dev.lockstep.watch;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import dev.lockstep.storage.Location;
import dev.lockstep.storage.Storage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Files read by the rules of TFRecord and with protobuf's own parser, which know no class of ours.
 */
final class TensorBoardLogTest {
  @TempDir private Path directory;

  /** A record's message. */
  private record Event(double seconds, long step, String version, UnknownFieldSet fields) {
    Map<String, Float> scalars() {
      Map<String, Float> scalars = new LinkedHashMap<>();
      for (ByteString summary : fields.getField(5).getLengthDelimitedList()) {
        for (ByteString bytes : parse(summary).getField(1).getLengthDelimitedList()) {
          UnknownFieldSet value = parse(bytes);
          String tag = value.getField(1).getLengthDelimitedList().get(0).toStringUtf8();
          scalars.put(tag, Float.intBitsToFloat(value.getField(2).getFixed32List().get(0)));
        }
      }
      return scalars;
    }
  }

  private static UnknownFieldSet parse(ByteString bytes) {
    try {
      return UnknownFieldSet.parseFrom(bytes);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** CRC-32C bit by bit, as its polynomial says. */
  private static int crc(byte[] bytes) {
    int crc = -1;
    for (byte b : bytes) {
      crc ^= b & 0xff;
      for (int bit = 0; bit < 8; bit++) {
        crc = (crc >>> 1) ^ ((crc & 1) * 0x82f63b78);
      }
    }
    int whole = ~crc;
    return ((whole >>> 15) | (whole << 17)) + 0xa282ead8;
  }

  private static List<Event> read(byte[] file) {
    ByteBuffer in = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    List<Event> events = new ArrayList<>();
    while (in.hasRemaining()) {
      byte[] length = new byte[8];
      in.get(length);
      assertThat(in.getInt()).isEqualTo(crc(length));
      byte[] data =
          new byte[(int) ByteBuffer.wrap(length).order(ByteOrder.LITTLE_ENDIAN).getLong()];
      in.get(data);
      assertThat(in.getInt()).isEqualTo(crc(data));
      UnknownFieldSet fields = parse(ByteString.copyFrom(data));
      List<Long> step = fields.getField(2).getVarintList();
      List<ByteString> version = fields.getField(3).getLengthDelimitedList();
      events.add(
          new Event(
              Double.longBitsToDouble(fields.getField(1).getFixed64List().get(0)),
              step.isEmpty() ? 0 : step.get(0),
              version.isEmpty() ? "" : version.get(0).toStringUtf8(),
              fields));
    }
    return events;
  }

  private TensorBoardLog open(RunDescription run) {
    return new TensorBoardLog(Storage.at(new Location(directory.toString())), run);
  }

  private List<Path> files() throws IOException {
    try (var files = Files.list(directory.resolve("tensorboard"))) {
      return files.sorted().toList();
    }
  }

  private static RunDescription run(long firstStep, long steps) {
    RunDescription run = Rounds.RUN;
    return new RunDescription(
        run.name(),
        run.engine(),
        run.ranks(),
        run.shards(),
        run.kernel(),
        run.seed(),
        run.examples(),
        run.batchSize(),
        run.parameters(),
        run.inputs(),
        run.layers(),
        run.loss(),
        run.optimizer(),
        run.learningRate(),
        firstStep,
        steps,
        run.epochs(),
        run.version());
  }

  /** The vector of RFC 3720, B.4: 32 bytes of zeros. */
  @Test
  void theChecksumOfThisTestIsTheRightOne() {
    int whole = 0x8a9136aa;
    assertThat(crc(new byte[32])).isEqualTo(((whole >>> 15) | (whole << 17)) + 0xa282ead8);
  }

  @Test
  void everyStepIsThereWithItsFigures() throws IOException {
    try (TensorBoardLog log = open(run(0, 100))) {
      log.onRound(Rounds.round(1, 4), Optional.empty(), List.of());
      log.onRound(Rounds.round(5, 10), Optional.empty(), List.of(Rounds.HEALTH));
    }
    assertThat(files()).hasSize(1);
    assertThat(files().get(0).getFileName().toString())
        .matches("events\\.out\\.tfevents\\.\\d{10}\\.step-0000000000");
    List<Event> events = read(Files.readAllBytes(files().get(0)));
    assertThat(events.get(0).version()).isEqualTo("brain.Event:2");
    List<Event> losses =
        events.stream().filter(event -> event.scalars().containsKey("train/loss")).toList();
    assertThat(losses)
        .extracting(Event::step)
        .containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L, 10L);
    for (Event event : losses) {
      assertThat(event.scalars())
          .containsEntry("train/loss", (float) (1.0 / event.step()))
          .containsEntry("train/learning_rate", 0.05f)
          .containsEntry("train/grad_norm", (float) (2.0 / event.step()));
    }
    assertThat(losses.subList(4, 10))
        .isSortedAccordingTo((a, b) -> Double.compare(a.seconds(), b.seconds()));
    assertThat(losses.get(3).seconds() - losses.get(2).seconds()).isBetween(0.0009, 0.0011);
    Map<String, Float> last = events.get(events.size() - 1).scalars();
    assertThat(last)
        .containsEntry("train/epoch_loss", (float) Rounds.EPOCH_LOSS)
        .containsEntry("time/samples_per_second", 32_000f)
        .containsEntry("time/compute_ms", 0.7f)
        .containsEntry("layers/01_dense_4x2/weight_norm", 2f)
        .containsEntry("layers/01_dense_4x2/dead", 0.25f)
        .doesNotContainKey("validation/loss");
  }

  @Test
  void ofVeryManyStepsSomeAreThere() throws IOException {
    try (TensorBoardLog log = open(run(0, 1_000_000))) {
      for (long first = 1; first < 2000; first += 7) {
        log.onRound(Rounds.round(first, first + 6), Optional.empty(), List.of());
      }
    }
    assertThat(
            read(Files.readAllBytes(files().get(0))).stream()
                .filter(event -> event.scalars().containsKey("train/loss"))
                .map(Event::step))
        .hasSize(20)
        .allMatch(step -> step % 100 == 0);
  }

  /** TensorBoard then forgets those of the other file that are taken again. */
  @Test
  void aRunThatGoesOnSaysFromWhereOn() throws IOException {
    open(run(0, 100)).close();
    try (TensorBoardLog log = open(run(20, 100))) {
      log.onRound(Rounds.round(21, 22), Optional.empty(), List.of());
    }
    assertThat(files()).hasSize(2);
    List<Event> events = read(Files.readAllBytes(files().get(1)));
    assertThat(events.get(1).step()).isEqualTo(21);
    UnknownFieldSet session =
        parse(events.get(1).fields().getField(7).getLengthDelimitedList().get(0));
    assertThat(session.getField(1).getVarintList()).containsExactly(1L);
  }

  @Test
  void whatCannotBeWrittenIsSaid() throws IOException, InterruptedException {
    Files.writeString(directory.resolve("tensorboard"), "a file");
    List<String> messages = new ArrayList<>();
    try (RunWatchers watchers = new RunWatchers(List.of(open(run(0, 100))), messages::add)) {
      for (int i = 0; i < 200 && messages.isEmpty(); i++) {
        watchers.onRound(Rounds.round(1, 2), Optional.empty(), List.of());
        Thread.sleep(10);
      }
    }
    assertThat(messages).hasSize(1);
    assertThat(messages.get(0)).startsWith("TensorBoardLog no longer").contains("tensorboard");
  }

  /** TensorBoard 2.21 reads them as train/loss = 0.25 at step 300. */
  @Test
  void aScalarHasTheseBytes() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    EventFile.writeHead(out, 1.5);
    EventFile.writeScalars(out, 2.5, 300, Map.of("train/loss", 0.25));
    assertThat(HexFormat.of().formatHex(out.toByteArray()))
        .isEqualTo(
            "1800000000000000a37f4b2209000000000000f83f1a0d627261696e2e4576656e743a32"
                + "2a28646c2100000000000000017becf609000000000000044010ac022a130a110a0a"
                + "747261696e2f6c6f7373150000803e3cc9cac5");
  }
}
