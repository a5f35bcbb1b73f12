package dev.lockstep.data;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.List;

/** Writes a data set as a pair of IDX files, the format of MNIST. */
public final class IdxWriter {
  private static final int MAX_LABEL = 255;
  private static final int MAX_DIMENSIONS = 3;

  private IdxWriter() {}

  /**
   * Writes all examples of a source; flushes neither stream and closes none.
   *
   * @param images receives the images
   * @param labels receives the labels
   * @throws DataException if the source does not fit the format: more than 2^31 - 1 examples, more
   *     than three dimensions, a label above 255
   */
  public static void write(ExampleSource source, OutputStream images, OutputStream labels)
      throws IOException {
    long examples = source.examples();
    List<Integer> shape = source.shape();
    if (examples > Integer.MAX_VALUE || shape.size() > MAX_DIMENSIONS) {
      throw new DataException(
          "%s has %d examples of %d dimensions; an IDX file holds at most %d of at most %d"
              .formatted(source.name(), examples, shape.size(), Integer.MAX_VALUE, MAX_DIMENSIONS));
    }
    images.write(header((int) examples, shape));
    labels.write(header((int) examples, List.of()));
    byte[] image = new byte[source.features()];
    source.read(
        index -> true,
        (index, pixels, offset, label) -> {
          if (label > MAX_LABEL) {
            throw new DataException(
                "%s has label %d; an IDX file holds labels 0 to %d"
                    .formatted(source.nameOf(index), label, MAX_LABEL));
          }
          pixels.get(offset, image);
          images.write(image);
          labels.write(label);
        });
  }

  private static byte[] header(int count, List<Integer> shape) {
    int dimensions = 1 + shape.size();
    ByteBuffer header = ByteBuffer.allocate(Integer.BYTES * (1 + dimensions));
    header.putInt(IdxKind.magic(dimensions)).putInt(count);
    shape.forEach(header::putInt);
    return header.array();
  }
}
