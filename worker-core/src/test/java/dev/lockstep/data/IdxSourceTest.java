package dev.lockstep.data;

import static dev.lockstep.data.TinyIdx.FIVE_IMAGES;
import static dev.lockstep.data.TinyIdx.FIVE_LABELS;
import static dev.lockstep.data.TinyIdx.IMAGES;
import static dev.lockstep.data.TinyIdx.LABELS;
import static dev.lockstep.data.TinyIdx.open;
import static dev.lockstep.data.TinyIdx.read;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongPredicate;
import org.junit.jupiter.api.Test;

class IdxSourceTest {
  @Test
  void declaresWhatTheHeadersSay() throws IOException {
    IdxSource source = open(FIVE_IMAGES, FIVE_LABELS);
    assertThat(source.name()).isEqualTo("tiny");
    assertThat(source.examples()).isEqualTo(5);
    assertThat(source.shape()).containsExactly(2, 3);
    assertThat(source.features()).isEqualTo(6);
  }

  @Test
  void acceptsVectorsAndColourImages() throws IOException {
    IdxSource vectors = open(StoredBytes.idx(30, 0x802, 5, 6), FIVE_LABELS);
    assertThat(vectors.shape()).containsExactly(6);
    IdxSource colour = open(StoredBytes.idx(120, 0x804, 5, 2, 3, 4), FIVE_LABELS);
    assertThat(colour.shape()).containsExactly(2, 3, 4);
    assertThat(colour.features()).isEqualTo(24);
    assertThat(read(colour, i -> i == 4)).containsExactly("4:96:4");
  }

  @Test
  void readsJustWhatIsWantedInOrder() throws IOException {
    for (int subset = 0; subset < 1 << 5; subset++) {
      int wanted = subset;
      List<String> expected = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        if ((wanted >> i & 1) == 1) {
          expected.add(i + ":" + 6 * i + ":" + i);
        }
      }
      LongPredicate predicate = i -> (wanted >> i & 1) == 1;
      assertThat(read(open(FIVE_IMAGES, FIVE_LABELS), predicate)).isEqualTo(expected);
      assertThat(
              read(open(StoredBytes.gzip(FIVE_IMAGES), StoredBytes.gzip(FIVE_LABELS)), predicate))
          .isEqualTo(expected);
    }
  }

  @Test
  void skipsFurtherThanItsBuffers() throws IOException {
    byte[] images = StoredBytes.idx(3 * 200_000, IMAGES, 3, 400, 500);
    byte[] labels = StoredBytes.idx(3, LABELS, 3);
    assertThat(read(open(images, labels), i -> i == 2)).containsExactly("2:128:2");
    assertThat(read(open(StoredBytes.gzip(images), labels), i -> i == 2))
        .containsExactly("2:128:2");
  }

  @Test
  void labelsAreUnsigned() throws IOException {
    byte[] labels = StoredBytes.idx(1, LABELS, 1);
    labels[8] = (byte) 200;
    assertThat(read(open(StoredBytes.idx(6, IMAGES, 1, 2, 3), labels), i -> true))
        .containsExactly("0:0:200");
  }

  @Test
  void summaryCountsClassesAndPixels() throws IOException {
    DataSummary summary = DataSummary.of(open(FIVE_IMAGES, FIVE_LABELS));
    assertThat(summary)
        .isEqualTo(new DataSummary(5, List.of(2, 3), List.of(1L, 1L, 1L, 1L, 1L), 0, 29, 14.5));
  }

  @Test
  void travelsWithoutData() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(
          IdxSource.open(
              "big",
              new StoredBytes("images", StoredBytes.idx(0, IMAGES, 1_000_000, 28, 28), 784_000_016),
              new StoredBytes("labels", StoredBytes.idx(0, LABELS, 1_000_000), 1_000_008)));
    }
    assertThat(bytes.size()).isLessThan(2000);
  }
}
