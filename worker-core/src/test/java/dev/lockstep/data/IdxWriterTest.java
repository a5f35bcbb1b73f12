package dev.lockstep.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class IdxWriterTest {
  private static final SyntheticDigits DIGITS = new SyntheticDigits(50, 3, Split.TRAIN);

  @Test
  void whatIsWrittenIsReadBack() throws IOException {
    ByteArrayOutputStream images = new ByteArrayOutputStream();
    ByteArrayOutputStream labels = new ByteArrayOutputStream();
    IdxWriter.write(DIGITS, images, labels);
    assertThat(labels.size()).isEqualTo(8 + 50);
    assertThat(images.size()).isEqualTo(16 + 50 * 784);
    assertSameExamples(images.toByteArray(), labels.toByteArray());
    assertSameExamples(
        StoredBytes.gzip(images.toByteArray()), StoredBytes.gzip(labels.toByteArray()));
  }

  private static void assertSameExamples(byte[] images, byte[] labels) throws IOException {
    IdxSource back =
        IdxSource.open(
            "back", new StoredBytes("images", images), new StoredBytes("labels", labels));
    assertThat(back.shape()).isEqualTo(DIGITS.shape());
    assertThat(DigestOf.examples(back)).isEqualTo(DigestOf.examples(DIGITS));
  }

  @Test
  void headersAreThoseOfMnist() throws IOException {
    ByteArrayOutputStream images = new ByteArrayOutputStream();
    ByteArrayOutputStream labels = new ByteArrayOutputStream();
    IdxWriter.write(new SyntheticDigits(1, 1, Split.TRAIN), images, labels);
    HexFormat hex = HexFormat.of();
    assertThat(hex.formatHex(images.toByteArray(), 0, 16))
        .isEqualTo("00000803000000010000001c0000001c");
    assertThat(hex.formatHex(labels.toByteArray(), 0, 8)).isEqualTo("0000080100000001");
  }

  @Test
  void whatDoesNotFitIsRefused() {
    OutputStream nowhere = OutputStream.nullOutputStream();
    assertThatThrownBy(() -> IdxWriter.write(new Blank(1, 1, 256), nowhere, nowhere))
        .isInstanceOf(DataException.class)
        .hasMessage("blank: example 0 has label 256; an IDX file holds labels 0 to 255");
    assertThatThrownBy(() -> IdxWriter.write(new Blank(1L << 31, 1, 0), nowhere, nowhere))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("blank has 2147483648 examples of 1 dimensions");
    assertThatThrownBy(() -> IdxWriter.write(new Blank(1, 4, 0), nowhere, nowhere))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("an IDX file holds at most 2147483647 of at most 3");
  }

  @Test
  void failureOfTheDiskStaysAnIoException() {
    OutputStream full =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException("the disk is full");
          }
        };
    OutputStream nowhere = OutputStream.nullOutputStream();
    assertThatThrownBy(() -> IdxWriter.write(DIGITS, full, nowhere))
        .isExactlyInstanceOf(IOException.class)
        .hasMessage("the disk is full");
  }

  private record Blank(long examples, int dimensions, int label) implements ExampleSource {
    @Override
    public String name() {
      return "blank";
    }

    @Override
    public int features() {
      return 1;
    }

    @Override
    public List<Integer> shape() {
      return Collections.nCopies(dimensions, 1);
    }

    @Override
    public ExampleReader open(long first) {
      return new SteppingReader(first) {
        @Override
        protected void show(long example, Sink sink) throws IOException {
          sink.accept(example, ByteBuffer.allocate(1), 0, label);
        }
      };
    }
  }
}
