package dev.lockstep.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

class DataSummaryTest {
  @Test
  void countsClassesThatDoNotOccur() throws IOException {
    assertThat(DataSummary.of(new Pairs(3, 0, 3)))
        .isEqualTo(new DataSummary(3, List.of(2), List.of(1L, 0L, 0L, 2L), 7, 200, 103.5));
  }

  @Test
  void labelBeyondReason() {
    assertThatThrownBy(() -> DataSummary.of(new Pairs(Integer.MAX_VALUE)))
        .isInstanceOf(DataException.class)
        .hasMessage("pairs: example 0 has label 2147483647; want 0 to 65535");
  }

  /** The pixels 7 and 200, behind one that is not theirs, under each label. */
  private record Pairs(int... labels) implements ExampleSource {
    @Override
    public String name() {
      return "pairs";
    }

    @Override
    public long examples() {
      return labels.length;
    }

    @Override
    public int features() {
      return 2;
    }

    @Override
    public ExampleReader open(long first) {
      byte[] pixels = {0, 7, (byte) 200};
      return new SteppingReader(first) {
        @Override
        protected void show(long example, Sink sink) throws IOException {
          sink.accept(example, ByteBuffer.wrap(pixels), 1, labels[(int) example]);
        }
      };
    }
  }
}
