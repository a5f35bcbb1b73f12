package dev.lockstep.serialization.model;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.lockstep.serialization.FormatException;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Whatever is done to the files of a model, reading it succeeds or gives a FormatException. */
class ModelRobustnessTest {
  private static final int MUTATIONS = 4000;

  /** Far below what a lying number of inputs or units asks for. */
  private static final long MOST_BYTES = 16 << 20;

  /** Bytes that matter to JSON, so that more mutations come past the grammar. */
  private static final String GRAMMAR = "{}[]:,\"0123456789-.e \\u";

  private final ModelFiles valid = ModelFiles.of(ModelFiles.draw(4));
  private final ThreadMXBean memory = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private int read;
  private int refused;

  @Test
  void truncatedDescriptions() {
    for (int length = 0; length < valid.description().length; length++) {
      tryToRead(valid.withDescription(Arrays.copyOf(valid.description(), length)));
    }
    assertThat(refused).isEqualTo(valid.description().length);
  }

  @Test
  void singleBytesOfTheDescription() {
    for (int at = 0; at < valid.description().length; at++) {
      for (int mask : new int[] {1, 2, 4, 8, 16, 32, 64, 128, 255}) {
        byte[] mutated = valid.description().clone();
        mutated[at] ^= (byte) mask;
        tryToRead(valid.withDescription(mutated));
      }
    }
    // A label smoothing of 0.0 becomes 0.1, 0.2, 0.4 and 0.8, and relu selu: a description that
    // says something else and is right in itself. Nothing else gets through.
    assertThat(read).isEqualTo(5);
    assertThat(refused).isEqualTo(9 * valid.description().length - read);
  }

  @Test
  void bytesOfTheGrammarInTheDescription() {
    SplittableRandom random = new SplittableRandom(31);
    for (int i = 0; i < MUTATIONS; i++) {
      byte[] mutated = valid.description().clone();
      for (int n = random.nextInt(1, 4); n > 0; n--) {
        mutated[random.nextInt(mutated.length)] =
            (byte) GRAMMAR.charAt(random.nextInt(GRAMMAR.length()));
      }
      tryToRead(valid.withDescription(mutated));
    }
    assertThat(read).isPositive();
    assertThat(refused).isPositive();
  }

  /** Pieces said twice: longer numbers, more layers, keys again. */
  @Test
  void piecesOfTheDescription() {
    SplittableRandom random = new SplittableRandom(32);
    byte[] text = valid.description();
    for (int i = 0; i < MUTATIONS; i++) {
      int from = random.nextInt(text.length);
      int to = Math.min(text.length, from + random.nextInt(1, 30));
      byte[] mutated = Arrays.copyOf(text, text.length + to - from);
      System.arraycopy(text, from, mutated, to, text.length - from);
      tryToRead(valid.withDescription(mutated));
    }
    assertThat(read).isPositive();
    assertThat(refused).isPositive();
  }

  /** A changed value is caught by the SHA-256, all else by the reader: nothing gets through. */
  @Test
  void bytesOfTheTensors() {
    SplittableRandom random = new SplittableRandom(33);
    for (int i = 0; i < MUTATIONS; i++) {
      byte[] mutated = valid.tensors().clone();
      mutated[random.nextInt(mutated.length)] ^= (byte) (1 << random.nextInt(8));
      tryToRead(valid.withTensors(mutated));
    }
    assertThat(read).isZero();
    assertThat(refused).isEqualTo(MUTATIONS);
  }

  private void tryToRead(ModelFiles files) {
    long before = memory.getCurrentThreadAllocatedBytes();
    try {
      Model model = files.read();
      assertThat(model.sha256()).isEqualTo(ModelFiles.draw(4).sha256());
      read++;
    } catch (FormatException e) {
      assertThat(e).hasMessageStartingWith(ModelFiles.NAME + "/model.");
      assertThat(e.getMessage()).doesNotContain("\n").hasSizeLessThan(300);
      refused++;
    }
    assertThat(memory.getCurrentThreadAllocatedBytes() - before).isLessThan(MOST_BYTES);
  }
}
