package dev.lockstep.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/** Whatever the bytes are, files are read in full or refused with a DataException. */
class Cifar10SourcePropertyTest {
  @Property(seed = "1")
  void anyBytes(@ForAll byte[] first, @ForAll byte[] second) throws IOException {
    assertReadOrRefused(first, second);
  }

  @Property(seed = "1", tries = 300)
  void anyLengthAndLabels(@ForAll("files") byte[] first, @ForAll("files") byte[] second)
      throws IOException {
    assertReadOrRefused(first, second);
  }

  @Property(seed = "1", tries = 300)
  void anyLengthAndLabelsInGzip(@ForAll("files") byte[] first, @ForAll("files") byte[] second)
      throws IOException {
    assertReadOrRefused(StoredBytes.gzip(first), StoredBytes.gzip(second));
  }

  @Provide
  Arbitrary<byte[]> files() {
    Arbitrary<int[]> labels =
        Arbitraries.integers().between(0, 10).array(int[].class).ofMinSize(0).ofMaxSize(4);
    Arbitrary<Integer> more =
        Arbitraries.frequencyOf(
            Tuple.of(5, Arbitraries.just(0)), Tuple.of(1, Arbitraries.integers().between(0, 3072)));
    return Combinators.combine(labels, more)
        .as(
            (of, bytes) -> {
              byte[] records = TinyCifar10.records(of);
              return StoredBytes.cut(records, records.length + bytes);
            });
  }

  private static void assertReadOrRefused(byte[] first, byte[] second) throws IOException {
    AtomicInteger examples = new AtomicInteger();
    try {
      Cifar10Source source = TinyCifar10.open(first, second);
      source.read(
          i -> true,
          (index, pixels, offset, label) -> {
            assertThat(label).isBetween(0, 9);
            assertThat(pixels.limit() - offset).isGreaterThanOrEqualTo(source.features());
            assertThat(index).isEqualTo(examples.getAndIncrement());
          });
      assertThat(examples.get()).isEqualTo((int) source.examples()).isPositive();
    } catch (DataException e) {
      assertThat(e.getMessage()).matches("(?s)[ab]\\.bin[ :].*");
    }
  }
}
