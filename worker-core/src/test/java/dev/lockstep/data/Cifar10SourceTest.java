package dev.lockstep.data;

import static dev.lockstep.data.TinyCifar10.open;
import static dev.lockstep.data.TinyCifar10.records;
import static dev.lockstep.data.TinyIdx.read;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongPredicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class Cifar10SourceTest {
  private static final byte[] A = records(3, 1);
  private static final byte[] B = records(9);
  private static final byte[] C = records(0, 7, 5);
  private static final int[] LABELS = {3, 1, 9, 0, 7, 5};

  @Test
  void knowsWhatTheFilesHold() throws IOException {
    Cifar10Source source = open(A, B, C);
    assertThat(source.name()).isEqualTo("tiny");
    assertThat(source.examples()).isEqualTo(6);
    assertThat(source.shape()).containsExactly(3, 32, 32);
    assertThat(source.features()).isEqualTo(3072);
  }

  @Test
  void readsJustWhatIsWantedInOrder() throws IOException {
    for (int subset = 0; subset < 1 << LABELS.length; subset++) {
      int wanted = subset;
      LongPredicate predicate = i -> (wanted >> i & 1) == 1;
      List<String> expected =
          IntStream.range(0, LABELS.length)
              .filter(predicate::test)
              .mapToObj(i -> i + ":" + LABELS[i] + ":" + LABELS[i])
              .toList();
      assertThat(read(open(A, B, C), predicate)).isEqualTo(expected);
      assertThat(read(open(StoredBytes.gzip(A), B, StoredBytes.gzip(C)), predicate))
          .isEqualTo(expected);
    }
  }

  @Test
  void allBytesOfAnImageArePixels() throws IOException {
    List<byte[]> images = new ArrayList<>();
    Cifar10Source source = open(A, B);
    source.read(
        i -> i == 1,
        (index, pixels, offset, label) -> {
          byte[] image = new byte[source.features()];
          pixels.get(offset, image);
          images.add(image);
        });
    assertThat(images).containsExactly(Arrays.copyOfRange(A, 3074, 2 * 3073));
  }

  @Test
  void skipsFurtherThanItsBuffers() throws IOException {
    byte[] many = records(new int[100]);
    many[99 * 3073] = 8;
    assertThat(read(open(many), i -> i == 99)).containsExactly("99:0:8");
    assertThat(read(open(StoredBytes.gzip(many)), i -> i == 99)).containsExactly("99:0:8");
    assertThat(read(open(many), i -> true)).hasSize(100).last().isEqualTo("99:0:8");
  }

  @Test
  void examplesGoByFileAndRecord() throws IOException {
    Cifar10Source source = open(A, B, C);
    assertThat(source.nameOf(0)).isEqualTo("a.bin: record 0");
    assertThat(source.nameOf(2)).isEqualTo("b.bin: record 0");
    assertThat(source.nameOf(5)).isEqualTo("c.bin: record 2");
    assertThatThrownBy(() -> source.nameOf(6))
        .isInstanceOf(IndexOutOfBoundsException.class)
        .hasMessage("example 6 of 6");
  }

  @Test
  void plainFilesCanBeDividedAndGzipCannot() throws IOException {
    assertThat(open(A, B).access()).isEqualTo(Access.RANGES);
    assertThat(open(A, StoredBytes.gzip(B)).access()).isEqualTo(Access.SEQUENTIAL);
  }

  @Test
  void partsOfItMakeTheSameShards() throws IOException {
    BatchPlan plan = new BatchPlan(6, 2, 4, 42, true);
    ShardCutter cutter = new ShardCutter(open(A, B, C), plan, 0, 4, 10, ShardRoom.HEAP);
    cutter.read(3, 6);
    cutter.read(0, 3);
    assertThat(cutter.shards()).isEqualTo(Shard.read(open(A, B, C), plan, 0, 4, 10));
  }

  @Test
  void travelsWithoutData() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(
          Cifar10Source.open("big", List.of(new StoredBytes("big.bin", new byte[0], 30_730_000))));
    }
    assertThat(bytes.size()).isLessThan(2000);
  }
}
