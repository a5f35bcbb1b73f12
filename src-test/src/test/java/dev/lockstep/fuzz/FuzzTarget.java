package dev.lockstep.fuzz;

import dev.lockstep.config.ConfigException;
import dev.lockstep.config.ConfigReader;
import dev.lockstep.data.Cifar10Source;
import dev.lockstep.data.DataException;
import dev.lockstep.data.ExampleSource;
import dev.lockstep.data.IdxSource;
import dev.lockstep.network.NetworkParser;
import dev.lockstep.serialization.FormatException;
import dev.lockstep.serialization.model.Model;
import dev.lockstep.serialization.tensor.SafetensorsReader;
import dev.lockstep.spark.exchange.FrameTarget;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** A parser of ours, with bytes from outside as its input. */
enum FuzzTarget {
  /** Images and labels, in two pieces. */
  IDX(DataException.class) {
    @Override
    void parse(byte[] input) throws IOException {
      List<byte[]> files = Pieces.split(input, 2);
      for (boolean isMapped : new boolean[] {false, true}) {
        readAll(
            IdxSource.open(
                "fuzz",
                new BytesSource("images", files.get(0), isMapped),
                new BytesSource("labels", files.get(1), isMapped)));
      }
    }

    @Override
    List<byte[]> seeds() throws IOException {
      return Seeds.idx();
    }
  },

  /** Two files. */
  CIFAR10(DataException.class) {
    @Override
    void parse(byte[] input) throws IOException {
      List<byte[]> files = Pieces.split(input, 2);
      for (boolean isMapped : new boolean[] {false, true}) {
        readAll(
            Cifar10Source.open(
                "fuzz",
                List.of(
                    new BytesSource("data_batch_1.bin", files.get(0), isMapped),
                    new BytesSource("data_batch_2.bin", files.get(1), isMapped))));
      }
    }

    @Override
    List<byte[]> seeds() {
      return Seeds.cifar10();
    }
  },

  /** A file of gzip, read twice: to count, and to read. */
  GZIP(DataException.class) {
    private static final byte[] MAGIC = {0x1f, (byte) 0x8b};

    @Override
    void parse(byte[] input) throws IOException {
      byte[] zipped = input.clone();
      System.arraycopy(MAGIC, 0, zipped, 0, Math.min(zipped.length, MAGIC.length));
      readAll(Cifar10Source.open("fuzz", List.of(new BytesSource("batch.gz", zipped, false))));
    }

    @Override
    List<byte[]> seeds() throws IOException {
      return Seeds.gzip();
    }
  },

  SAFETENSORS(FormatException.class) {
    @Override
    void parse(byte[] input) throws IOException {
      SafetensorsReader.read(new ByteArrayInputStream(input), input.length, "fuzz.safetensors");
    }

    @Override
    List<byte[]> seeds() throws IOException {
      return Seeds.safetensors();
    }
  },

  /** The tensors of a checkpoint. */
  CHECKPOINT(FormatException.class) {
    @Override
    void parse(byte[] input) throws IOException {
      CheckpointBytes.read(input);
    }

    @Override
    List<byte[]> seeds() throws IOException {
      return CheckpointBytes.seeds();
    }
  },

  /** What stands in a checkpoint as text: step, seed and monitors, in three pieces. */
  MONITORS(FormatException.class) {
    @Override
    void parse(byte[] input) throws IOException {
      List<String> texts =
          Pieces.split(input, 3).stream()
              .map(piece -> new String(piece, StandardCharsets.UTF_8))
              .toList();
      CheckpointBytes.read(CheckpointBytes.with(texts.get(0), texts.get(1), texts.get(2)));
    }

    @Override
    List<byte[]> seeds() throws IOException {
      return CheckpointBytes.texts();
    }
  },

  /** What stands in the manifest of a checkpoint; its digest is made to go with it. */
  MANIFEST(FormatException.class) {
    @Override
    void parse(byte[] input) {
      CheckpointBytes.readManifest(input);
    }

    @Override
    List<byte[]> seeds() {
      return List.of(CheckpointBytes.manifest());
    }
  },

  /** {@code model.json} and {@code model.safetensors}, in two pieces. */
  MODEL(FormatException.class) {
    @Override
    void parse(byte[] input) throws IOException {
      List<byte[]> files = Pieces.split(input, 2);
      byte[] tensors = files.get(1);
      Model.read(
          new ByteArrayInputStream(files.get(0)),
          new ByteArrayInputStream(tensors),
          tensors.length,
          "fuzz");
    }

    @Override
    List<byte[]> seeds() throws IOException {
      return Seeds.models();
    }
  },

  /** Frames of the exchange, which come to a rank's desk or the driver's, as several pieces. */
  FRAMES(IllegalArgumentException.class) {
    @Override
    void parse(byte[] input) {
      FrameTarget.receive(Pieces.split(input, FrameTarget.MAX_FRAMES));
    }

    @Override
    List<byte[]> seeds() {
      return FrameTarget.seeds().stream()
          .map(frames -> Pieces.join(Pieces.padded(frames, FrameTarget.MAX_FRAMES)))
          .toList();
    }

    /** A desk that is full, or of another run, is a matter of state. */
    @Override
    boolean isRefusal(Throwable error) {
      return error.getClass() == IllegalStateException.class || super.isRefusal(error);
    }
  },

  /** A configuration. */
  CONFIG(ConfigException.class) {
    @Override
    void parse(byte[] input) {
      String text = new String(input, StandardCharsets.UTF_8);
      ConfigReader.read(Optional.of(text), "fuzz.conf", List.of());
    }

    @Override
    List<byte[]> seeds() {
      return Seeds.configs();
    }
  },

  /** Entries of {@code layers}, one a line. */
  LAYERS(IllegalArgumentException.class) {
    private static final int INPUTS = 784;

    @Override
    void parse(byte[] input) {
      NetworkParser.parse(INPUTS, new String(input, StandardCharsets.UTF_8).lines().toList());
    }

    @Override
    List<byte[]> seeds() {
      return Seeds.layers();
    }
  };

  private final Class<? extends RuntimeException> refusal;

  FuzzTarget(Class<? extends RuntimeException> refusal) {
    this.refusal = refusal;
  }

  /**
   * Parses an input as a whole.
   *
   * @throws RuntimeException a refusal, if the input is not what it should be; anything else is a
   *     finding
   */
  abstract void parse(byte[] input) throws IOException;

  /** Inputs that are as they should be, to begin from. */
  abstract List<byte[]> seeds() throws IOException;

  /** Whether an error is the clear one that an input may end with. */
  boolean isRefusal(Throwable error) {
    return error.getClass() == refusal
        && error.getMessage() != null
        && !error.getMessage().isBlank();
  }

  /** The target of that name. */
  static FuzzTarget of(String id) {
    return valueOf(id.toUpperCase(Locale.ROOT));
  }

  /** Its name, as a directory and an argument have it. */
  String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  private static void readAll(ExampleSource source) throws IOException {
    int features = source.features();
    byte[] example = new byte[features];
    source.read(index -> true, (index, pixels, offset, label) -> pixels.get(offset, example));
  }
}
