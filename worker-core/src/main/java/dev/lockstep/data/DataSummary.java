package dev.lockstep.data;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;

/**
 * What a data set holds, found by reading all of it.
 *
 * @param examples how many
 * @param shape dimensions of one
 * @param classCounts examples of each class, from 0 to the highest label
 * @param minPixel the least byte
 * @param maxPixel the greatest byte
 * @param meanPixel the mean of all bytes
 */
public record DataSummary(
    long examples,
    List<Integer> shape,
    List<Long> classCounts,
    int minPixel,
    int maxPixel,
    double meanPixel) {
  private static final int MAX_LABEL = 0xFFFF;

  public DataSummary {
    shape = List.copyOf(shape);
    classCounts = List.copyOf(classCounts);
  }

  /**
   * Reads all of a source.
   *
   * @throws DataException if it is not what it declares, or has a label above 65535
   */
  public static DataSummary of(ExampleSource source) throws IOException {
    Tally tally = new Tally(source);
    source.read(index -> true, tally);
    return tally.summary();
  }

  private static final class Tally implements ExampleSource.Sink {
    private final ExampleSource source;
    private final int features;
    private final long[] pixelCounts = new long[256];
    private long[] classCounts = new long[0];

    Tally(ExampleSource source) {
      this.source = source;
      this.features = source.features();
    }

    @Override
    public void accept(long index, ByteBuffer pixels, int offset, int label) {
      if (label > MAX_LABEL) {
        throw new DataException(
            "%s has label %d; want 0 to %d".formatted(source.nameOf(index), label, MAX_LABEL));
      }
      if (label >= classCounts.length) {
        classCounts = Arrays.copyOf(classCounts, label + 1);
      }
      classCounts[label]++;
      for (int i = offset; i < offset + features; i++) {
        pixelCounts[Byte.toUnsignedInt(pixels.get(i))]++;
      }
    }

    DataSummary summary() {
      int min = pixelCounts.length - 1;
      int max = 0;
      long count = 0;
      long sum = 0;
      for (int value = 0; value < pixelCounts.length; value++) {
        if (pixelCounts[value] > 0) {
          min = Math.min(min, value);
          max = value;
          count += pixelCounts[value];
          sum += pixelCounts[value] * value;
        }
      }
      return new DataSummary(
          Arrays.stream(classCounts).sum(),
          source.shape(),
          Arrays.stream(classCounts).boxed().toList(),
          min,
          max,
          (double) sum / Math.max(1, count));
    }
  }
}
