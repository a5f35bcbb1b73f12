package dev.lockstep.data;

import java.io.IOException;
import java.util.List;
import java.util.function.LongPredicate;

/**
 * A pair of IDX files, the format of MNIST: images and labels of unsigned bytes, plain or gzip.
 *
 * <p>Images have two to four dimensions, of which the first is their count. An instance holds the
 * two headers only; each reading streams both files in step, and holds one example at a time.
 */
public final class IdxSource implements ExampleSource {
  private static final long serialVersionUID = 1;

  private final String name;
  private final ByteSource images;
  private final ByteSource labels;
  private final IdxHeader imageHeader;
  private final IdxHeader labelHeader;

  private IdxSource(
      String name,
      ByteSource images,
      ByteSource labels,
      IdxHeader imageHeader,
      IdxHeader labelHeader) {
    this.name = name;
    this.images = images;
    this.labels = labels;
    this.imageHeader = imageHeader;
    this.labelHeader = labelHeader;
  }

  /**
   * Reads both headers, and checks them against each other and the bytes that are stored.
   *
   * @throws DataException if these are not the two files of an IDX data set
   * @throws IOException if they cannot be read
   */
  public static IdxSource open(String name, ByteSource images, ByteSource labels)
      throws IOException {
    IdxHeader imageHeader = header(images, IdxKind.IMAGES);
    IdxHeader labelHeader = header(labels, IdxKind.LABELS);
    if (imageHeader.count() != labelHeader.count()) {
      throw new DataException(
          "%s has %d images, but %s has %d labels; want the two files of one data set"
              .formatted(images.name(), imageHeader.count(), labels.name(), labelHeader.count()));
    }
    return new IdxSource(name, images, labels, imageHeader, labelHeader);
  }

  private static IdxHeader header(ByteSource source, IdxKind kind) throws IOException {
    try (IdxStream in = IdxStream.open(source)) {
      return IdxHeader.read(in, kind, source.length());
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
    return imageHeader.itemBytes();
  }

  @Override
  public List<Integer> shape() {
    return imageHeader.shape();
  }

  /**
   * {@inheritDoc}
   *
   * <p>Always runs to the end of both files, so that a damaged one is found whatever is wanted.
   */
  @Override
  public void read(LongPredicate wanted, Sink sink) throws IOException {
    byte[] pixels = new byte[features()];
    byte[] label = new byte[1];
    try (IdxItems imageItems = IdxItems.open(images, imageHeader);
        IdxItems labelItems = IdxItems.open(labels, labelHeader)) {
      for (long i = 0; i < examples(); i++) {
        if (wanted.test(i)) {
          imageItems.read(i, pixels);
          labelItems.read(i, label);
          sink.accept(i, pixels, 0, Byte.toUnsignedInt(label[0]));
        }
      }
      imageItems.finish();
      labelItems.finish();
    }
  }
}
