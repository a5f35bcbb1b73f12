package dev.lockstep.serialization.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.lockstep.serialization.FormatException;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Whatever is done to a file, reading it succeeds or gives a {@link FormatException}. */
class SafetensorsRobustnessTest {
  private static final int MUTATIONS = 6000;

  /** Far below what any lying length asks for. */
  private static final long MOST_BYTES = 1 << 20;

  /** Bytes that matter to JSON, so that more mutations come past the grammar. */
  private static final String GRAMMAR = "{}[]:,\"0123456789-.e \\F";

  private static final byte[] VALID =
      FileBytes.write(
          Map.of("epoch", "3", "lockstep", "0.1"),
          List.of(
              new Tensor("0.weight", List.of(3, 4), new float[12]),
              new Tensor("0.bias", List.of(4), new float[] {1, 2, 3, 4}),
              new Tensor("empty", List.of(0, 9), new float[0])));

  private final ThreadMXBean memory = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private int read;
  private int refused;

  @Test
  void truncations() {
    for (int length = 0; length < VALID.length; length++) {
      tryToRead(Arrays.copyOf(VALID, length));
    }
    assertThat(refused).isEqualTo(VALID.length);
  }

  @Test
  void singleBytes() {
    for (int at = 0; at < VALID.length; at++) {
      for (int mask : new int[] {1, 2, 4, 8, 16, 32, 64, 128, 255}) {
        byte[] file = VALID.clone();
        file[at] ^= (byte) mask;
        tryToRead(file);
      }
    }
    assertThat(read).isPositive();
    assertThat(refused).isPositive();
  }

  @Test
  void manyBytes() {
    var random = new SplittableRandom(20260101);
    for (int i = 0; i < MUTATIONS; i++) {
      byte[] file = VALID.clone();
      for (int n = random.nextInt(1, 6); n > 0; n--) {
        file[random.nextInt(file.length)] = (byte) random.nextInt(256);
      }
      tryToRead(file);
    }
    assertThat(refused).isPositive();
  }

  @Test
  void manyBytesOfTheGrammar() {
    var random = new SplittableRandom(7);
    int header = VALID.length - 64 - 8;
    for (int i = 0; i < MUTATIONS; i++) {
      byte[] file = VALID.clone();
      for (int n = random.nextInt(1, 4); n > 0; n--) {
        file[8 + random.nextInt(header)] = (byte) GRAMMAR.charAt(random.nextInt(GRAMMAR.length()));
      }
      tryToRead(file);
    }
    assertThat(read).isPositive();
    assertThat(refused).isPositive();
  }

  @Test
  void pieces() {
    var random = new SplittableRandom(11);
    for (int i = 0; i < MUTATIONS; i++) {
      int from = random.nextInt(VALID.length);
      int to = random.nextInt(from, VALID.length);
      byte[] file = Arrays.copyOf(VALID, VALID.length + to - from);
      System.arraycopy(VALID, from, file, to, VALID.length - from);
      tryToRead(file);
    }
    assertThat(refused).isPositive();
  }

  private void tryToRead(byte[] file) {
    long before = memory.getCurrentThreadAllocatedBytes();
    try {
      FileBytes.read(file);
      read++;
    } catch (FormatException e) {
      assertThat(e).hasMessageStartingWith("x.safetensors: ");
      assertThat(e.getMessage()).doesNotContain("\n").hasSizeLessThan(300);
      refused++;
    }
    assertThat(memory.getCurrentThreadAllocatedBytes() - before).isLessThan(MOST_BYTES);
  }
}
