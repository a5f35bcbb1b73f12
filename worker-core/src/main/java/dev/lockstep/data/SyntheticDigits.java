package dev.lockstep.data;

import dev.lockstep.random.Permutation;
import dev.lockstep.random.Purpose;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongPredicate;

/**
 * Handwritten-looking digits in MNIST's shape, 28x28 and white on black, that need no file.
 *
 * <p>An example is a function of (seed, split, index) alone, so that any part can be drawn anywhere
 * and a smaller data set is the beginning of a larger one. Each ten examples from a multiple of ten
 * are the ten digits in random order.
 */
public final class SyntheticDigits implements ExampleSource {
  /** What such a name begins with. */
  public static final String SCHEME = "synthetic:";

  private static final long serialVersionUID = 1;
  private static final String DIGITS = SCHEME + "digits";
  private static final String EXAMPLE = DIGITS + "?n=60000&seed=1";
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

  /**
   * Reads {@code synthetic:digits?n=60000&seed=1}, where either setting may be left out.
   *
   * @throws IllegalArgumentException if it is something else
   */
  public static SyntheticDigits parse(String uri, Split split) {
    int question = uri.indexOf('?');
    String base = question < 0 ? uri : uri.substring(0, question);
    if (!base.equals(DIGITS)) {
      throw new IllegalArgumentException(
          "unknown synthetic data '%s': want %s".formatted(uri, EXAMPLE));
    }
    Map<String, Long> settings = new HashMap<>();
    if (question >= 0) {
      for (String setting : uri.substring(question + 1).split("&", -1)) {
        addSetting(settings, setting, uri);
      }
    }
    return new SyntheticDigits(
        settings.getOrDefault("n", (long) DEFAULT_EXAMPLES).intValue(),
        settings.getOrDefault("seed", DEFAULT_SEED),
        split);
  }

  private static void addSetting(Map<String, Long> settings, String setting, String uri) {
    int equals = setting.indexOf('=');
    String key = equals < 0 ? setting : setting.substring(0, equals);
    String value = equals < 0 ? "" : setting.substring(equals + 1);
    long number =
        switch (key) {
          case "n" -> number(key, value, 1, Integer.MAX_VALUE, uri);
          case "seed" -> number(key, value, Long.MIN_VALUE, Long.MAX_VALUE, uri);
          default ->
              throw new IllegalArgumentException(
                  "unknown setting '%s' in '%s': want n or seed, as in %s"
                      .formatted(key, uri, EXAMPLE));
        };
    if (settings.put(key, number) != null) {
      throw new IllegalArgumentException("%s is set twice in '%s': keep one".formatted(key, uri));
    }
  }

  private static long number(String key, String value, long low, long high, String uri) {
    try {
      long number = Long.parseLong(value);
      if (number >= low && number <= high) {
        return number;
      }
    } catch (NumberFormatException e) {
      // The message below serves a number out of range as well.
    }
    throw new IllegalArgumentException(
        "%s = '%s' in '%s': want a whole number from %d to %d"
            .formatted(key, value, uri, low, high));
  }

  /** The URI that describes both splits, with all settings. */
  @Override
  public String name() {
    return "%s?n=%d&seed=%d".formatted(DIGITS, trainingExamples, seed);
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
  public boolean isDivisible() {
    return true;
  }

  /**
   * {@inheritDoc}
   *
   * <p>Draws only what is wanted.
   */
  @Override
  public void read(LongPredicate wanted, Sink sink) throws IOException {
    DigitPen pen = new DigitPen();
    byte[] pixels = new byte[features()];
    ByteBuffer shown = ByteBuffer.wrap(pixels).asReadOnlyBuffer();
    long examples = examples();
    for (int i = 0; i < examples; i++) {
      if (wanted.test(i)) {
        int label = label(i);
        pen.draw(label, new Draws(seed, i, stream(PICTURES)), pixels);
        sink.accept(i, shown, 0, label);
      }
    }
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
