package dev.lockstep.recipes;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;

/**
 * Images in CIFAR-10's binary format: stripes under noise that hides them from the eye. A class is
 * one of five directions and widths of stripes in one of two colours; where the stripes begin and
 * how bright the image is differs from image to image.
 */
final class StripedImages {
  private static final int CLASSES = 10;
  private static final int SIDE = 32;
  private static final double GREY = 128;
  private static final double AMPLITUDE = 14;
  private static final double NOISE = 64;
  private static final double BRIGHTNESS = 30;
  private static final double PHASE = 1;

  /** Turns of the stripes from one edge to the other, across and down. */
  private static final double[][] TURNS = {{2, 0}, {0, 2}, {3, 3}, {3, -3}, {5, 1}};

  /** How the stripes colour red, green and blue. */
  private static final double[][] COLOURS = {{1, 0.2, -0.8}, {-0.4, 1, 0.6}};

  private final SplittableRandom random;

  private StripedImages(long seed) {
    this.random = new SplittableRandom(seed);
  }

  /** Writes the six files of a data set. */
  static void write(Path directory, int perTrainingFile, int test) throws IOException {
    StripedImages images = new StripedImages(1);
    for (int f = 1; f <= 5; f++) {
      images.write(directory.resolve("data_batch_%d.bin".formatted(f)), perTrainingFile);
    }
    images.write(directory.resolve("test_batch.bin"), test);
  }

  private void write(Path file, int count) throws IOException {
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
      for (int i = 0; i < count; i++) {
        int label = random.nextInt(CLASSES);
        out.write(label);
        writeImage(out, TURNS[label / 2], COLOURS[label % 2]);
      }
    }
  }

  private void writeImage(OutputStream out, double[] turns, double[] colour) throws IOException {
    double grey = GREY + random.nextDouble(-BRIGHTNESS, BRIGHTNESS);
    double phase = random.nextDouble(-PHASE, PHASE);
    for (double strength : colour) {
      for (int y = 0; y < SIDE; y++) {
        for (int x = 0; x < SIDE; x++) {
          double angle = 2 * Math.PI * (turns[0] * x + turns[1] * y) / SIDE + phase;
          double value = grey + AMPLITUDE * strength * StrictMath.sin(angle) + noise();
          out.write((int) Math.max(0, Math.min(255, Math.rint(value))));
        }
      }
    }
  }

  /** Bell-shaped with deviation {@link #NOISE}: a sum of three uniform numbers. */
  private double noise() {
    return NOISE * 2 * (random.nextDouble() + random.nextDouble() + random.nextDouble() - 1.5);
  }
}
