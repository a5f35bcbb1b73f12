package dev.lockstep.data;

import static dev.lockstep.data.TinyCifar10.open;
import static dev.lockstep.data.TinyCifar10.records;
import static dev.lockstep.data.TinyIdx.read;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What Cifar10Source says of files that are not what they should be. */
class Cifar10SourceRefusalTest {
  private static final byte[] GOOD = records(3, 1);

  @Test
  void emptyFile() {
    failsToOpen(new byte[0], "b.bin is empty; want CIFAR-10 records of 3073 bytes");
    failsToOpen(
        StoredBytes.gzip(new byte[0]), "b.bin is empty; want CIFAR-10 records of 3073 bytes");
  }

  @Test
  void noWholeRecords() {
    String message =
        "b.bin has 6145 bytes: 1 CIFAR-10 records of 3073 bytes each, and 3072 bytes more; fetch"
            + " the file again";
    failsToOpen(StoredBytes.cut(GOOD, 6145), message);
    failsToOpen(StoredBytes.gzip(StoredBytes.cut(GOOD, 6145)), message);
    failsToOpen(new byte[3074], "b.bin has 3074 bytes: 1 CIFAR-10 records of 3073 bytes each, and");
  }

  @Test
  void noFiles() {
    assertThatThrownBy(() -> open())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("tiny: 0 files of CIFAR-10: want at least 1");
  }

  @Test
  void labelAboveNine() throws IOException {
    Cifar10Source source = open(GOOD, records(9, 10, 9));
    assertThatThrownBy(() -> read(source, i -> true))
        .isInstanceOf(DataException.class)
        .hasMessage("b.bin: record 1 has label 10; want 0 to 9");
    assertThatThrownBy(() -> read(open(records(255)), i -> true))
        .isInstanceOf(DataException.class)
        .hasMessage("a.bin: record 0 has label 255; want 0 to 9");
  }

  @Test
  void truncatedGzip() {
    byte[] zipped = StoredBytes.gzip(GOOD);
    failsToOpen(
        StoredBytes.cut(zipped, zipped.length - 4), "b.bin: the gzip data breaks off after at");
    failsToOpen(
        StoredBytes.cut(zipped, 2),
        "b.bin: the gzip data breaks off after at least 0 bytes of content; fetch the file again");
  }

  @Test
  void corruptGzip() {
    byte[] zipped = StoredBytes.gzip(GOOD);
    zipped[zipped.length - 8] ^= 1;
    failsToOpen(zipped, "b.bin: the gzip data is corrupt after at least ");
  }

  @Test
  void anyDamagedByteIsADataExceptionOrReadsInFull() throws IOException {
    byte[] zipped = StoredBytes.gzip(GOOD);
    for (int i = 0; i < zipped.length * 8; i++) {
      byte[] damaged = zipped.clone();
      damaged[i / 8] ^= (byte) (1 << i % 8);
      try {
        assertThat(read(open(damaged), e -> true)).hasSize(2);
      } catch (DataException e) {
        assertThat(e).hasMessageStartingWith("a.bin");
      }
    }
  }

  @Test
  void plainFileThatGrowsBetweenReadings() throws IOException {
    Changing file = new Changing(GOOD);
    Cifar10Source source = Cifar10Source.open("tiny", List.of(file));
    file.bytes = records(3, 1, 2);
    assertThatThrownBy(() -> read(source, i -> false))
        .isInstanceOf(DataException.class)
        .hasMessage(
            "changing changed since it was opened: it had 2 CIFAR-10 records, 6146 bytes, and has 3"
                + " CIFAR-10 records, 9219 bytes; start again");
  }

  @Test
  void gzipThatChangesBetweenReadings() throws IOException {
    Changing file = new Changing(StoredBytes.gzip(GOOD));
    Cifar10Source source = Cifar10Source.open("tiny", List.of(file));
    String had = "changing changed since it was opened: it had 2 CIFAR-10 records, 6146 bytes, and";
    file.bytes = StoredBytes.gzip(records(3, 1, 2));
    assertThatThrownBy(() -> read(source, i -> false))
        .isInstanceOf(DataException.class)
        .hasMessage(had + " has 9219 bytes; start again");
    file.bytes = StoredBytes.gzip(records(3));
    assertThatThrownBy(() -> read(source, i -> true))
        .isInstanceOf(DataException.class)
        .hasMessage(had + " has 3073 bytes; start again");
  }

  @Test
  void damageIsFoundWhateverIsWanted() throws IOException {
    Changing file = new Changing(StoredBytes.gzip(GOOD));
    Cifar10Source source = Cifar10Source.open("tiny", List.of(file));
    file.bytes = file.bytes.clone();
    file.bytes[file.bytes.length - 8] ^= 1;
    assertThatThrownBy(() -> read(source, i -> false))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("corrupt");
  }

  @Test
  void streamThatIsShorterThanItsLength() throws IOException {
    Cifar10Source source =
        Cifar10Source.open("tiny", List.of(new StoredBytes("a.bin", records(4), 2 * 3073)));
    assertThatThrownBy(() -> read(source, i -> i == 1))
        .isInstanceOf(DataException.class)
        .hasMessage(
            "a.bin changed since it was opened: it had 2 CIFAR-10 records, 6146 bytes, and has 3073"
                + " bytes; start again");
  }

  @Test
  void fileThatIsCutShortWhileItIsMapped() throws IOException {
    Cifar10Source source =
        Cifar10Source.open("tiny", List.of(new Vanishing(new StoredBytes("a.bin", GOOD))));
    assertThatThrownBy(
            () ->
                source.read(
                    i -> true,
                    (index, pixels, offset, label) -> {
                      throw new InternalError("a fault in a recent unsafe memory access");
                    }))
        .isInstanceOf(IOException.class)
        .hasMessage("a.bin was cut short while it was read; start again");
  }

  private static void failsToOpen(byte[] second, String message) {
    assertThatThrownBy(() -> open(GOOD, second))
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith(message);
  }

  /** A file whose bytes a test exchanges. */
  private static final class Changing implements ByteSource {
    private static final long serialVersionUID = 1;
    private byte[] bytes;

    Changing(byte[] bytes) {
      this.bytes = bytes;
    }

    @Override
    public String name() {
      return "changing";
    }

    @Override
    public InputStream open() {
      return new StoredBytes(name(), bytes).open();
    }

    @Override
    public long length() {
      return bytes.length;
    }
  }

  /** A file that is mapped. */
  private record Vanishing(StoredBytes file) implements ByteSource {
    @Override
    public String name() {
      return file.name();
    }

    @Override
    public InputStream open() {
      return file.open();
    }

    @Override
    public boolean isMappable() {
      return true;
    }

    @Override
    public ByteBuffer map(long from, int length) {
      return ByteBuffer.wrap(file.bytes(), (int) from, length).slice();
    }

    @Override
    public long length() {
      return file.length();
    }
  }
}
