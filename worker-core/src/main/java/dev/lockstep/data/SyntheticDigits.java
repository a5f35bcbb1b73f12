package dev.lockstep.data;

import dev.lockstep.random.Permutation;
import dev.lockstep.random.Purpose;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Handwritten-looking digits in MNIST's shape, 28x28 and white on black, that need no file.
 *
 * <p>An example is a function of (seed, split, index) alone, so that any part can be drawn anywhere
 * and a smaller data set is the beginning of a larger one. Each ten examples from a multiple of ten
 * are the ten digits in random order.
 */
public final class SyntheticDigits implements ExampleSource {
  static final String BASE = SyntheticData.SCHEME + "digits";
  static final String EXAMPLE = BASE + "?n=60000&seed=1";

  private static final long serialVersionUID = 1;
  private static final int DEFAULT_EXAMPLES = 60_000;
  private static final long DEFAULT_SEED = 1;
  private static final int CLASSES = 10;
  private static final int TRAIN_PER_TEST = 6;

  /** Counter word of the pictures to train with; the next one is that of those to test. */
  private static final int PICTURES = 0;

  /** Counter word of the order of their labels; the next one again that of the test. */
  private static final int LABELS = 2;

  private final int trainingExamples;
  private final long seed;
  private final Split split;

  /**
   * Describes a data set.
   *
   * @param trainingExamples n, at least 1; there are max(1, n/6) examples to test
   */
  public SyntheticDigits(int trainingExamples, long seed, Split split) {
    if (trainingExamples < 1) {
      throw new IllegalArgumentException(
          "n = %d synthetic digits: want 1 to %d".formatted(trainingExamples, Integer.MAX_VALUE));
    }
    this.trainingExamples = trainingExamples;
    this.seed = seed;
    this.split = split;
  }

  /** Reads {@code synthetic:digits?n=60000&seed=1}, where either setting may be left out. */
  static SyntheticDigits parse(String uri, Split split) {
    SyntheticSettings settings = SyntheticSettings.parse(uri, List.of("n", "seed"), EXAMPLE);
    return new SyntheticDigits(
        (int) settings.whole("n", DEFAULT_EXAMPLES, 1, Integer.MAX_VALUE),
        settings.whole("seed", DEFAULT_SEED, Long.MIN_VALUE, Long.MAX_VALUE),
        split);
  }

  /** The URI that describes both splits, with all settings. */
  @Override
  public String name() {
    return "%s?n=%d&seed=%d".formatted(BASE, trainingExamples, seed);
  }

  @Override
  public long examples() {
    return split == Split.TRAIN ? trainingExamples : Math.max(1, trainingExamples / TRAIN_PER_TEST);
  }

  @Override
  public int features() {
    return DigitPen.SIDE * DigitPen.SIDE;
  }

  @Override
  public List<Integer> shape() {
    return List.of(DigitPen.SIDE, DigitPen.SIDE);
  }

  @Override
  public Access access() {
    return Access.RANDOM;
  }

  /**
   * {@inheritDoc}
   *
   * <p>Draws only what is wanted.
   */
  @Override
  public ExampleReader open(long first) {
    DigitPen pen = new DigitPen();
    byte[] pixels = new byte[features()];
    ByteBuffer shown = ByteBuffer.wrap(pixels).asReadOnlyBuffer();
    return new SteppingReader(first) {
      @Override
      protected void show(long example, Sink sink) throws IOException {
        int index = (int) example;
        int label = label(index);
        pen.draw(label, new Draws(seed, index, stream(PICTURES)), pixels);
        sink.accept(index, shown, 0, label);
      }
    };
  }

  private int label(int index) {
    Permutation order =
        Permutation.of(CLASSES, seed, Purpose.SYNTHETIC_DATA, index / CLASSES, stream(LABELS));
    return (int) order.apply(index % CLASSES);
  }

  private int stream(int ofTraining) {
    return split == Split.TRAIN ? ofTraining : ofTraining + 1;
  }
}
