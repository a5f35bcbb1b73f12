package dev.lockstep.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.train.ExitCode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Data that is not what it should be: one sentence, exit 3, and no run directory. */
class BadDataTest {
  private static final String IMAGES = "train-images-idx3-ubyte";
  private static final String LABELS = "train-labels-idx1-ubyte";

  @TempDir Path temporary;
  private Path data;
  private Path out;

  @BeforeEach
  void writeGoodData() throws IOException {
    data = Files.createDirectory(temporary.resolve("data"));
    out = temporary.resolve("run");
    Files.write(data.resolve(IMAGES), images(20));
    Files.write(data.resolve(LABELS), labels(20, 3));
    Files.write(data.resolve("t10k-images-idx3-ubyte"), images(4));
    Files.write(data.resolve("t10k-labels-idx1-ubyte"), labels(4, 3));
  }

  private static byte[] images(int count) {
    return ByteBuffer.allocate(16 + count * 4)
        .putInt(0x803)
        .putInt(count)
        .putInt(2)
        .putInt(2)
        .array();
  }

  private static byte[] labels(int count, int label) {
    byte[] bytes = ByteBuffer.allocate(8 + count).putInt(0x801).putInt(count).array();
    Arrays.fill(bytes, 8, bytes.length, (byte) label);
    return bytes;
  }

  private static byte[] gzip(byte[] bytes) throws IOException {
    ByteArrayOutputStream zipped = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(zipped)) {
      out.write(bytes);
    }
    return zipped.toByteArray();
  }

  private void assertRefused(String... parts) {
    Cli.Result result = Cli.trainLocally(out, "--data", data.toString());
    assertThat(result.exit()).as(result.err()).isEqualTo(ExitCode.DATA);
    assertThat(result.out()).isEmpty();
    assertThat(result.errors()).hasSize(1);
    assertThat(result.errors().get(0)).contains(parts);
    assertThat(result.err()).doesNotContain("\tat ");
    assertThat(out).doesNotExist();
  }

  @Test
  void goodDataTrains() {
    assertThat(Cli.trainLocally(out, "--data", data.toString()).exit()).isEqualTo(ExitCode.DONE);
  }

  @Test
  void missingDirectory() {
    data = temporary.resolve("nowhere");
    assertRefused(data.toString(), "does not exist", "want a directory");
  }

  @Test
  void missingFile() throws IOException {
    Files.delete(data.resolve(LABELS));
    assertRefused(data.toString(), "has no " + LABELS);
  }

  @Test
  void emptyFile() throws IOException {
    Files.write(data.resolve(IMAGES), new byte[0]);
    assertRefused(IMAGES + " is empty", "want an IDX file of images");
  }

  @Test
  void truncatedGzip() throws IOException {
    byte[] noise = images(20);
    for (int i = 16; i < noise.length; i++) {
      noise[i] = (byte) (i * i * 31);
    }
    byte[] zipped = gzip(noise);
    Files.delete(data.resolve(IMAGES));
    Files.write(data.resolve(IMAGES + ".gz"), Arrays.copyOf(zipped, zipped.length - 20));
    assertRefused(IMAGES + ".gz", "gzip data breaks off", "fetch the file again");
  }

  @Test
  void truncatedFile() throws IOException {
    Files.write(data.resolve(IMAGES), Arrays.copyOf(images(20), 90));
    assertRefused(IMAGES, "is truncated", "20 images", "but has 90");
  }

  @Test
  void wrongMagic() throws IOException {
    Files.write(data.resolve(IMAGES), "<html>no such page</html>".getBytes(UTF_8));
    assertRefused(IMAGES);
  }

  @Test
  void labelsInPlaceOfImages() throws IOException {
    Files.write(data.resolve(IMAGES), labels(20, 3));
    assertRefused(IMAGES);
  }

  @Test
  void aHeaderThatPromisesTwoToThe31() throws IOException {
    byte[] bytes = images(20);
    ByteBuffer.wrap(bytes).putInt(4, 1 << 31);
    Files.write(data.resolve(IMAGES), bytes);
    assertRefused(IMAGES, "declares 2147483648 images", "want 1 to 2147483647");
  }

  @Test
  void aZippedHeaderThatPromisesTwoToThe31LessOne() throws IOException {
    byte[] bytes = images(20);
    ByteBuffer.wrap(bytes).putInt(4, Integer.MAX_VALUE);
    Files.delete(data.resolve(IMAGES));
    Files.write(data.resolve(IMAGES + ".gz"), gzip(bytes));
    assertRefused(IMAGES + ".gz", "declares 2147483647 images", "can hold at most");
  }

  @Test
  void aLabelOfCifar10AboveNine() throws IOException {
    data = Files.createDirectory(temporary.resolve("cifar10"));
    for (int f = 1; f <= 5; f++) {
      Files.write(data.resolve("data_batch_%d.bin".formatted(f)), new byte[2 * 3073]);
    }
    Files.write(data.resolve("test_batch.bin"), new byte[3073]);
    byte[] bad = new byte[2 * 3073];
    bad[3073] = 10;
    Files.write(data.resolve("data_batch_4.bin"), bad);
    assertRefused(data.resolve("data_batch_4.bin") + ": record 1 has label 10; want 0 to 9");
    Files.write(data.resolve("data_batch_4.bin"), new byte[3074]);
    assertRefused("data_batch_4.bin has 3074 bytes", "fetch the file again");
  }

  @Test
  void countsThatDiffer() throws IOException {
    Files.write(data.resolve(LABELS), labels(19, 3));
    assertRefused("has 20 images", "has 19 labels");
  }

  @Test
  void aLabelAboveTheOutputsOfTheNetwork() throws IOException {
    byte[] bytes = labels(20, 3);
    bytes[8 + 7] = 10;
    Files.write(data.resolve(LABELS), bytes);
    assertRefused("example 7 has label 10", "10 outputs", "labels 0 to 9");
  }

  @Test
  void aLabelAboveTheOutputsOfTheNetworkFoundByATask() throws IOException, InterruptedException {
    byte[] bytes = labels(20, 3);
    bytes[8 + 7] = 10;
    Files.write(data.resolve(LABELS), bytes);
    Process process =
        Cli.start(temporary, Cli.trainArgs(out, "--data", data.toString(), "--master", "local[2]"));
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    Cli.Result result = Cli.result(process, temporary);
    assertThat(result.exit()).isEqualTo(ExitCode.DATA);
    assertThat(result.out()).isEmpty();
    assertThat(result.err()).doesNotContain("\tat ");
    assertThat(result.errors())
        .singleElement()
        .asString()
        .contains("example 7 has label 10", "labels 0 to 9");
    assertThat(out).doesNotExist();
  }

  @Test
  void testImagesOfAnotherShape() throws IOException {
    byte[] bytes = ByteBuffer.allocate(16 + 12).putInt(0x803).putInt(4).putInt(1).putInt(3).array();
    Files.write(data.resolve("t10k-images-idx3-ubyte"), bytes);
    assertRefused("training examples have 4 features, but test examples have 3");
  }
}
