package dev.lockstep.data;

import static dev.lockstep.data.TinyIdx.FIVE_IMAGES;
import static dev.lockstep.data.TinyIdx.FIVE_LABELS;
import static dev.lockstep.data.TinyIdx.IMAGES;
import static dev.lockstep.data.TinyIdx.LABELS;
import static dev.lockstep.data.TinyIdx.open;
import static dev.lockstep.data.TinyIdx.read;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What IdxSource says of files that are not what they declare. */
class IdxSourceRefusalTest {
  @Test
  void emptyFile() {
    failsToOpen(new byte[0], FIVE_LABELS, "images is empty; want an IDX file of images");
    failsToOpen(FIVE_IMAGES, new byte[0], "labels is empty; want an IDX file of labels");
  }

  @Test
  void gzipOfNothing() {
    failsToOpen(StoredBytes.gzip(new byte[0]), FIVE_LABELS, "images is empty");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void shorterThanAMagicNumber(int length) {
    failsToOpen(
        StoredBytes.cut(FIVE_IMAGES, length),
        FIVE_LABELS,
        "images has " + length + " bytes, fewer than the 4 of its IDX header");
  }

  @ParameterizedTest
  @ValueSource(ints = {4, 5, 15})
  void shorterThanItsHeader(int length) {
    failsToOpen(
        StoredBytes.cut(FIVE_IMAGES, length),
        FIVE_LABELS,
        "images has " + length + " bytes, fewer than the 16 of its IDX header");
  }

  @Test
  void filesExchanged() {
    failsToOpen(
        FIVE_LABELS,
        FIVE_IMAGES,
        "images begins with 0x00000801, the magic number of IDX labels; want the magic number of"
            + " IDX images, 0x00000803");
    failsToOpen(
        FIVE_IMAGES,
        FIVE_IMAGES,
        "labels begins with 0x00000803, IDX bytes in 3 dimensions; want the magic number of IDX"
            + " labels, 0x00000801");
  }

  @Test
  void floatsInsteadOfBytes() {
    failsToOpen(
        StoredBytes.idx(120, 0xD03, 5, 2, 3),
        FIVE_LABELS,
        "images begins with 0x00000d03, IDX of 32-bit floats; want");
  }

  @Test
  void notIdxAtAll() {
    failsToOpen(
        "<html>not found</html>".getBytes(US_ASCII),
        FIVE_LABELS,
        "images begins with 0x3c68746d, which is no IDX file; want");
  }

  @Test
  void tooManyDimensions() {
    failsToOpen(
        StoredBytes.idx(16, 0x805, 1, 2, 2, 2, 2),
        FIVE_LABELS,
        "images begins with 0x00000805, IDX bytes in 5 dimensions; want");
  }

  @Test
  void moreThanIsStored() {
    failsToOpen(
        StoredBytes.idx(30, IMAGES, Integer.MAX_VALUE, 28, 28),
        FIVE_LABELS,
        "images is truncated: it declares 2147483647 images of 28x28, 1683627179264 bytes with the"
            + " header, but has 46");
  }

  @Test
  void moreThanGzipCanHold() {
    byte[] images = StoredBytes.gzip(StoredBytes.idx(30, IMAGES, Integer.MAX_VALUE, 28, 28));
    failsToOpen(
        images,
        FIVE_LABELS,
        "images declares 2147483647 images of 28x28, 1683627179264 bytes with the header, but its "
            + images.length
            + " bytes of gzip can hold at most "
            + images.length * 1032);
  }

  @Test
  void countBeyondTheFormat() {
    failsToOpen(
        StoredBytes.idx(30, IMAGES, 0x80000000, 2, 3),
        FIVE_LABELS,
        "images declares 2147483648 images; want 1 to 2147483647");
    failsToOpen(
        FIVE_IMAGES,
        StoredBytes.idx(5, LABELS, -5),
        "labels declares 4294967291 labels; want 1 to 2147483647");
  }

  @Test
  void noExamples() {
    failsToOpen(
        StoredBytes.idx(0, IMAGES, 0, 28, 28), FIVE_LABELS, "images declares 0 images; want 1 to");
  }

  @Test
  void emptyDimension() {
    failsToOpen(
        StoredBytes.idx(0, IMAGES, 5, 28, 0),
        FIVE_LABELS,
        "images declares images with a dimension of 0; want 1 to 2147483647");
  }

  @Test
  void absurdDimensions() {
    failsToOpen(
        StoredBytes.idx(30, IMAGES, 1, 0x7FFFFFFF, 0x7FFFFFFF),
        FIVE_LABELS,
        "images declares images of at least 2147483647 bytes each; want at most 67108864");
    failsToOpen(
        StoredBytes.idx(30, 0x804, 1, 1 << 13, 1 << 13, 2),
        FIVE_LABELS,
        "images declares images of at least 134217728 bytes each; want at most 67108864");
  }

  @Test
  void truncated() {
    failsToOpen(
        StoredBytes.cut(FIVE_IMAGES, 45),
        FIVE_LABELS,
        "images is truncated: it declares 5 images of 2x3, 46 bytes with the header, but has 45;"
            + " fetch the file again");
    failsToOpen(
        FIVE_IMAGES,
        StoredBytes.cut(FIVE_LABELS, 12),
        "labels is truncated: it declares 5 labels, 13 bytes with the header, but has 12");
  }

  @Test
  void trailingBytes() {
    failsToOpen(
        StoredBytes.cut(FIVE_IMAGES, 48),
        FIVE_LABELS,
        "images has 2 bytes after the end: it declares 5 images of 2x3, 46 bytes with the header,"
            + " but has 48; fetch the file again");
  }

  @Test
  void truncatedInsideGzip() {
    failsToRead(
        StoredBytes.gzip(StoredBytes.cut(FIVE_IMAGES, 45)),
        FIVE_LABELS,
        "images is truncated: it declares 5 images of 2x3, 46 bytes with the header, but has 45");
  }

  @Test
  void trailingBytesInsideGzip() {
    failsToRead(
        FIVE_IMAGES,
        StoredBytes.gzip(StoredBytes.cut(FIVE_LABELS, 20)),
        "labels has 7 bytes after the end: it declares 5 labels, 13 bytes with the header, but has"
            + " 20");
  }

  @Test
  void truncatedGzip() {
    byte[] images = StoredBytes.gzip(FIVE_IMAGES);
    failsToRead(
        StoredBytes.cut(images, images.length - 4),
        FIVE_LABELS,
        "images: the gzip data breaks off after at least ");
  }

  @Test
  void gzipThatEndsInItsOwnHeader() {
    failsToOpen(
        StoredBytes.cut(StoredBytes.gzip(FIVE_IMAGES), 2),
        FIVE_LABELS,
        "images: the gzip data breaks off after at least 0 bytes of content; fetch the file again");
  }

  @Test
  void corruptGzip() {
    byte[] images = StoredBytes.gzip(FIVE_IMAGES);
    images[images.length - 8] ^= 1;
    failsToRead(
        images, FIVE_LABELS, "images: the gzip data is corrupt after at least 46 bytes of content");
    images[2] = 99;
    failsToOpen(
        images, FIVE_LABELS, "images: the gzip data is corrupt after at least 0 bytes of content");
  }

  @Test
  void damageIsFoundWhateverIsWanted() throws IOException {
    byte[] images = StoredBytes.gzip(FIVE_IMAGES);
    images[images.length - 8] ^= 1;
    IdxSource source = open(images, FIVE_LABELS);
    assertThatThrownBy(() -> read(source, i -> false))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("corrupt");
  }

  @Test
  void anyDamagedByteIsADataExceptionOrReadsInFull() throws IOException {
    byte[] images = StoredBytes.gzip(FIVE_IMAGES);
    for (int i = 0; i < images.length * 8; i++) {
      byte[] damaged = images.clone();
      damaged[i / 8] ^= (byte) (1 << i % 8);
      try {
        assertThat(read(open(damaged, FIVE_LABELS), e -> true)).hasSize(5);
      } catch (DataException e) {
        assertThat(e).hasMessageStartingWith("images");
      }
    }
  }

  @Test
  void countsThatDiffer() {
    failsToOpen(
        FIVE_IMAGES,
        StoredBytes.idx(4, LABELS, 4),
        "images has 5 images, but labels has 4 labels; want the two files of one data set");
  }

  @Test
  void fileThatChangesBetweenReadings() throws IOException {
    byte[] labels = FIVE_LABELS.clone();
    byte[] images = StoredBytes.idx(30, IMAGES, 5, 2, 3);
    IdxSource source = open(images, labels);
    images[11] = 3;
    images[15] = 2;
    assertThatThrownBy(() -> read(source, i -> true))
        .isInstanceOf(DataException.class)
        .hasMessage(
            "images changed since it was opened: it had 5 images of 2x3, 46 bytes with the header,"
                + " and has 5 images of 3x2, 46 bytes with the header; start again");
  }

  @Test
  void streamThatIsShorterThanItsLength() throws IOException {
    IdxSource source =
        IdxSource.open(
            "tiny",
            new StoredBytes("images", StoredBytes.cut(FIVE_IMAGES, 20), 46),
            new StoredBytes("labels", FIVE_LABELS));
    assertThatThrownBy(() -> read(source, i -> i == 3))
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith("images is truncated")
        .hasMessageContaining("but has 20");
  }

  @Test
  void failureOfTheDiskStaysAnIoException() {
    ByteSource broken = new BrokenFile();
    assertThatThrownBy(() -> IdxSource.open("tiny", broken, new StoredBytes("labels", FIVE_LABELS)))
        .isInstanceOf(IOException.class)
        .hasMessage("the disk is on fire");
  }

  private static void failsToOpen(byte[] images, byte[] labels, String message) {
    assertThatThrownBy(() -> open(images, labels))
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith(message);
  }

  private static void failsToRead(byte[] images, byte[] labels, String message) {
    assertThatThrownBy(() -> read(open(images, labels), i -> true))
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith(message);
  }

  private record BrokenFile() implements ByteSource {
    @Override
    public String name() {
      return "broken";
    }

    @Override
    public InputStream open() {
      return new FilterInputStream(new ByteArrayInputStream(FIVE_IMAGES)) {
        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
          throw new IOException("the disk is on fire");
        }
      };
    }

    @Override
    public long length() {
      return FIVE_IMAGES.length;
    }
  }
}
