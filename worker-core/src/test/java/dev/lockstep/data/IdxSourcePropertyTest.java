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

/** Whatever the bytes are, a file is read in full or refused with a DataException. */
class IdxSourcePropertyTest {
  @Property(seed = "1")
  void anyBytes(@ForAll byte[] images, @ForAll byte[] labels) throws IOException {
    assertReadOrRefused(images, labels);
  }

  @Property(seed = "1")
  void anyHeader(@ForAll("files") byte[] images) throws IOException {
    assertReadOrRefused(images, StoredBytes.idx(2, 0x801, 2));
  }

  @Property(seed = "1")
  void anyHeaderInGzip(@ForAll("files") byte[] images) throws IOException {
    assertReadOrRefused(StoredBytes.gzip(images), StoredBytes.idx(2, 0x801, 2));
  }

  @Provide
  Arbitrary<byte[]> files() {
    Arbitrary<Integer> sizes =
        Arbitraries.oneOf(Arbitraries.integers().between(0, 3), Arbitraries.integers());
    return Combinators.combine(
            Arbitraries.integers().between(0x800, 0x806),
            sizes,
            sizes,
            sizes,
            Arbitraries.integers().between(0, 20))
        .as(
            (magic, count, height, width, bytes) ->
                StoredBytes.idx(bytes, magic, count, height, width));
  }

  private static void assertReadOrRefused(byte[] images, byte[] labels) throws IOException {
    AtomicInteger examples = new AtomicInteger();
    try {
      IdxSource source =
          IdxSource.open(
              "any", new StoredBytes("images", images), new StoredBytes("labels", labels));
      source.read(i -> true, (index, pixels, offset, label) -> examples.incrementAndGet());
      assertThat(examples.get()).isEqualTo((int) source.examples());
    } catch (DataException e) {
      assertThat(e.getMessage()).matches("(?s)(images|labels)[ :].*");
    }
  }
}
