package dev.lockstep.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.config.ConfigException;
import dev.lockstep.data.DataException;
import dev.lockstep.data.ExampleSource;
import dev.lockstep.data.IdxWriter;
import dev.lockstep.data.Split;
import dev.lockstep.data.SyntheticDigits;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class DataSetsTest {
  private static final List<String> NAMES =
      List.of(
          "train-images-idx3-ubyte",
          "train-labels-idx1-ubyte",
          "t10k-images-idx3-ubyte",
          "t10k-labels-idx1-ubyte");

  @TempDir Path directory;

  /** Writes both halves of some digits under MNIST's names with a change to them. */
  private void write(String ending, String separator) throws IOException {
    for (Split split : Split.values()) {
      List<String> names = split == Split.TRAIN ? NAMES.subList(0, 2) : NAMES.subList(2, 4);
      try (OutputStream images = file(names.get(0), ending, separator);
          OutputStream labels = file(names.get(1), ending, separator)) {
        IdxWriter.write(new SyntheticDigits(60, 1, split), images, labels);
      }
    }
  }

  private OutputStream file(String name, String ending, String separator) throws IOException {
    OutputStream out =
        Files.newOutputStream(directory.resolve(name.replace("-idx", separator + "idx") + ending));
    return ending.isEmpty() ? out : new GZIPOutputStream(out);
  }

  private static List<Integer> labels(ExampleSource source) throws IOException {
    List<Integer> labels = new ArrayList<>();
    source.read(index -> true, (index, pixels, offset, label) -> labels.add(label));
    return labels;
  }

  @ParameterizedTest
  @CsvSource({"'', -", "'', .", ".gz, -", ".gz, ."})
  void directoriesOfIdxFilesAreFound(String ending, String separator) throws IOException {
    write(ending, separator);
    for (Split split : Split.values()) {
      ExampleSource source = DataSets.open(directory.toString(), split);
      ExampleSource digits = new SyntheticDigits(60, 1, split);
      assertThat(source.name()).isEqualTo(directory.toString());
      assertThat(source.examples()).isEqualTo(digits.examples());
      assertThat(source.shape()).containsExactly(28, 28);
      assertThat(labels(source)).isEqualTo(labels(digits));
    }
    assertThat(DataSets.open(directory.toUri().toString(), Split.TRAIN).examples()).isEqualTo(60);
  }

  /** Its pages are gone then, though they were there when the file was opened. */
  @Test
  void aFileThatIsCutShortWhileItIsRead() throws IOException {
    write("", "-");
    ExampleSource source = DataSets.open(directory.toString(), Split.TRAIN);
    byte[] image = new byte[source.features()];
    assertThatThrownBy(
            () ->
                source.read(
                    index -> true,
                    (index, pixels, offset, label) -> {
                      truncate(directory.resolve(NAMES.get(0)), 16);
                      pixels.get(offset, image);
                    }))
        .isInstanceOf(IOException.class)
        .hasMessage(directory + " was cut short while it was read; start again");
  }

  private static void truncate(Path file, long length) {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.truncate(length);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void syntheticDigitsNeedNoFile() throws IOException {
    assertThat(DataSets.open("synthetic:digits?n=30&seed=2", Split.TRAIN).examples()).isEqualTo(30);
    assertThat(DataSets.open("synthetic:digits?n=30&seed=2", Split.TEST).examples()).isEqualTo(5);
    assertThatThrownBy(() -> DataSets.open("synthetic:letters", Split.TRAIN))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("synthetic:letters");
  }

  @Test
  void sourcesTravelAsDescriptions() throws Exception {
    write("", "-");
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(DataSets.open(directory.toString(), Split.TRAIN));
    }
    assertThat(bytes.size()).isLessThan(4000);
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      assertThat(labels((ExampleSource) in.readObject())).hasSize(60);
    }
  }

  @Test
  void whatIsMissingIsNamed() throws IOException {
    String missing = directory.resolve("no").toString();
    assertThatThrownBy(() -> DataSets.open(missing, Split.TRAIN))
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith(missing + " does not exist; want a directory");
    Path file = Files.createFile(directory.resolve("file"));
    assertThatThrownBy(() -> DataSets.open(file.toString(), Split.TRAIN))
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith(file + " is no directory; want a directory");
    assertThatThrownBy(() -> DataSets.open(directory.toString(), Split.TRAIN))
        .isInstanceOf(DataException.class)
        .hasMessage(
            directory
                + " has no train-images-idx3-ubyte and no data_batch_1.bin, plain or as .gz; want"
                + " MNIST's four IDX files or CIFAR-10's six binary files under their own names");
    Files.createFile(directory.resolve("t10k-images.idx3-ubyte.gz"));
    assertThatThrownBy(() -> DataSets.open(directory.toString(), Split.TRAIN))
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith(
            directory + " has no train-images-idx3-ubyte and no train-labels-idx1-ubyte, plain or");
    assertThatThrownBy(() -> DataSets.open(directory.toString(), Split.TEST))
        .hasMessageStartingWith(directory + " has no t10k-labels-idx1-ubyte, plain or");
  }

  private void writeCifar10(String ending) throws IOException {
    for (int f = 1; f <= 6; f++) {
      String name = f == 6 ? "test_batch.bin" : "data_batch_%d.bin".formatted(f);
      try (OutputStream out = file(name, ending, "-")) {
        for (int label = 0; label < f; label++) {
          out.write(label);
          out.write(new byte[3072]);
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".gz"})
  void directoriesOfCifar10AreFound(String ending) throws IOException {
    writeCifar10(ending);
    Files.createFile(directory.resolve("batches.meta.txt"));
    ExampleSource train = DataSets.open(directory.toString(), Split.TRAIN);
    assertThat(train.name()).isEqualTo(directory.toString());
    assertThat(train.shape()).containsExactly(3, 32, 32);
    assertThat(labels(train)).containsExactly(0, 0, 1, 0, 1, 2, 0, 1, 2, 3, 0, 1, 2, 3, 4);
    assertThat(train.nameOf(2)).isEqualTo(directory + "/data_batch_2.bin" + ending + ": record 1");
    assertThat(labels(DataSets.open(directory.toUri().toString(), Split.TEST)))
        .containsExactly(0, 1, 2, 3, 4, 5);
  }

  @Test
  void whatIsMissingOfCifar10IsNamed() throws IOException {
    writeCifar10("");
    Files.delete(directory.resolve("data_batch_2.bin"));
    Files.delete(directory.resolve("data_batch_5.bin"));
    Files.delete(directory.resolve("test_batch.bin"));
    assertThatThrownBy(() -> DataSets.open(directory.toString(), Split.TRAIN))
        .isInstanceOf(DataException.class)
        .hasMessage(
            directory
                + " has no data_batch_2.bin and no data_batch_5.bin, plain or as .gz; want"
                + " CIFAR-10's six binary files under their own names");
    assertThatThrownBy(() -> DataSets.open(directory.toString(), Split.TEST))
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith(directory + " has no test_batch.bin, plain or as .gz; want");
  }

  @Test
  void twoKindsInOneDirectory() throws IOException {
    write("", "-");
    writeCifar10(".gz");
    assertThatThrownBy(() -> DataSets.open(directory.toString(), Split.TRAIN))
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith(
            directory + " has both train-images-idx3-ubyte and data_batch_1.bin.gz; want");
  }

  @Test
  void aFileOfCifar10ThatIsCutShortWhileItIsRead() throws IOException {
    writeCifar10("");
    ExampleSource source = DataSets.open(directory.toString(), Split.TRAIN);
    Path file = directory.resolve("data_batch_1.bin");
    byte[] image = new byte[source.features()];
    assertThatThrownBy(
            () ->
                source.read(
                    index -> true,
                    (index, pixels, offset, label) -> {
                      truncate(file, 0);
                      pixels.get(offset, image);
                    }))
        .isInstanceOf(IOException.class)
        .hasMessage(file + " was cut short while it was read; start again");
  }

  @Test
  void fingerprintsCoverAllFilesOfCifar10() throws IOException {
    writeCifar10("");
    String before = DataSets.fingerprint(directory.toString());
    for (String name : List.of("data_batch_1.bin", "data_batch_5.bin", "test_batch.bin")) {
      Path file = directory.resolve(name);
      byte[] bytes = Files.readAllBytes(file);
      poke(file, 7);
      assertThat(DataSets.fingerprint(directory.toString())).isNotEqualTo(before);
      Files.write(file, bytes);
    }
    assertThat(DataSets.fingerprint(directory.toString())).isEqualTo(before);
  }

  @Test
  void fingerprintsFollowTheFilesAndNotTheirPlace() throws IOException {
    write("", "-");
    String before = DataSets.fingerprint(directory.toString());
    assertThat(before).matches("sha256:[0-9a-f]{64}");
    assertThat(DataSets.fingerprint(directory.toUri().toString())).isEqualTo(before);
    Files.createFile(directory.resolve("notes.txt"));
    assertThat(DataSets.fingerprint(directory.toString())).isEqualTo(before);
    Path labels = directory.resolve(NAMES.get(3));
    byte[] bytes = Files.readAllBytes(labels);
    bytes[bytes.length - 1] ^= 1;
    Files.write(labels, bytes);
    assertThat(DataSets.fingerprint(directory.toString())).isNotEqualTo(before);
  }

  @Test
  void fingerprintsReadTheEndsOfLargeFiles() throws IOException {
    Path images = directory.resolve(NAMES.get(0));
    Files.write(images, new byte[5 << 20]);
    String before = DataSets.fingerprint(directory.toString());
    poke(images, 3 << 20);
    assertThat(DataSets.fingerprint(directory.toString())).isEqualTo(before);
    poke(images, (4 << 20) + 5);
    String after = DataSets.fingerprint(directory.toString());
    assertThat(after).isNotEqualTo(before);
    Files.write(images, new byte[1], StandardOpenOption.APPEND);
    assertThat(DataSets.fingerprint(directory.toString())).isNotEqualTo(after);
  }

  private static void poke(Path file, long place) throws IOException {
    try (var channel = Files.newByteChannel(file, StandardOpenOption.WRITE)) {
      channel.position(place).write(ByteBuffer.wrap(new byte[] {1}));
    }
  }

  @Test
  void fingerprintsOfSyntheticDataAreCanonical() throws IOException {
    assertThat(DataSets.fingerprint("synthetic:digits?seed=3"))
        .isEqualTo("synthetic:digits?n=60000&seed=3");
    assertThat(DataSets.fingerprint("synthetic:gate?of=or")).isEqualTo("synthetic:gate?of=or&n=4");
  }

  @Test
  void theRealMnistOpens() throws IOException {
    String mnist = System.getProperty("lockstep.mnist");
    Assumptions.assumeTrue(Files.isDirectory(Path.of(mnist)), "no MNIST in " + mnist);
    assertThat(DataSets.open(mnist, Split.TRAIN).examples()).isEqualTo(60_000);
    assertThat(labels(DataSets.open(mnist, Split.TEST))).hasSize(10_000).startsWith(7, 2, 1, 0);
  }
}
