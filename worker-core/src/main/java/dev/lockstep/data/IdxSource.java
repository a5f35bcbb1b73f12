package dev.lockstep.data;

import java.io.IOException;
import java.util.List;
import java.util.function.LongPredicate;

/**
 * A pair of IDX files, the format of MNIST: images and labels of unsigned bytes, plain or gzip.
 *
 * <p>Images have two to four dimensions, of which the first is their count. An instance holds the
 * two headers only; each reading goes through both files in step, and holds a block of each at a
 * time.
 */
public final class IdxSource implements ExampleSource {
  private static final long serialVersionUID = 1;

  private final String name;
  private final ByteSource images;
  private final ByteSource labels;
  private final IdxHeader imageHeader;
  private final IdxHeader labelHeader;
  private final boolean isPlain;

  private IdxSource(
      String name,
      ByteSource images,
      ByteSource labels,
      IdxHeader imageHeader,
      IdxHeader labelHeader,
      boolean isPlain) {
    this.name = name;
    this.images = images;
    this.labels = labels;
    this.imageHeader = imageHeader;
    this.labelHeader = labelHeader;
    this.isPlain = isPlain;
  }

  /**
   * Reads both headers, and checks them against each other and the bytes that are stored.
   *
   * @throws DataException if these are not the two files of an IDX data set
   * @throws IOException if they cannot be read
   */
  public static IdxSource open(String name, ByteSource images, ByteSource labels)
      throws IOException {
    try (ContentStream imageStream = ContentStream.open(images);
        ContentStream labelStream = ContentStream.open(labels)) {
      IdxHeader imageHeader = IdxHeader.read(imageStream, IdxKind.IMAGES, images.length());
      IdxHeader labelHeader = IdxHeader.read(labelStream, IdxKind.LABELS, labels.length());
      if (imageHeader.count() != labelHeader.count()) {
        throw new DataException(
            "%s has %d images, but %s has %d labels; want the two files of one data set"
                .formatted(images.name(), imageHeader.count(), labels.name(), labelHeader.count()));
      }
      return new IdxSource(
          name, images, labels, imageHeader, labelHeader, !imageStream.isCompressed());
    }
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public long examples() {
    return imageHeader.count();
  }

  @Override
  public int features() {
    return imageHeader.recordBytes();
  }

  @Override
  public List<Integer> shape() {
    return imageHeader.shape();
  }

  @Override
  public boolean isDivisible() {
    return isPlain;
  }

  /**
   * {@inheritDoc}
   *
   * <p>Gzip is always run to the end, so that damage is found whatever is wanted; of a plain file
   * long stretches that nobody wants are skipped, and its length is checked.
   */
  @Override
  public void read(LongPredicate wanted, Sink sink) throws IOException {
    try (RecordReader imageReader = RecordReader.open(images, imageHeader);
        RecordReader labelReader = RecordReader.open(labels, labelHeader)) {
      long examples = examples();
      for (long i = 0; i < examples; i++) {
        if (wanted.test(i)) {
          int labelAt = labelReader.find(i);
          int imageAt = imageReader.find(i);
          int label = Byte.toUnsignedInt(labelReader.block().get(labelAt));
          sink.accept(i, imageReader.block(), imageAt, label);
        }
      }
      imageReader.finish();
      labelReader.finish();
    } catch (InternalError e) {
      throw RecordReader.cutShort(name, e);
    }
  }
}
