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
  private final Access access;

  private IdxSource(
      String name,
      ByteSource images,
      ByteSource labels,
      IdxHeader imageHeader,
      IdxHeader labelHeader,
      Access access) {
    this.name = name;
    this.images = images;
    this.labels = labels;
    this.imageHeader = imageHeader;
    this.labelHeader = labelHeader;
    this.access = access;
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
          name, images, labels, imageHeader, labelHeader, accessOf(images, imageStream));
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
  public Access access() {
    return access;
  }

  /** What a file can offer that holds records, or gzip of records. */
  static Access accessOf(ByteSource file, ContentStream in) {
    if (in.isCompressed()) {
      return Access.SEQUENTIAL;
    }
    return file.isMappable() ? Access.RANDOM : Access.RANGES;
  }

  /**
   * {@inheritDoc}
   *
   * <p>Of a plain file what stands before the first example is not read, and its length is checked;
   * gzip that is read to the end has been checked from end to end.
   */
  @Override
  public ExampleReader open(long first) throws IOException {
    RecordReader imageReader = RecordReader.open(images, imageHeader);
    try {
      return new Reader(first, imageReader, RecordReader.open(labels, labelHeader));
    } catch (IOException | RuntimeException e) {
      try (imageReader) {
        throw e;
      }
    }
  }

  private final class Reader extends SteppingReader {
    private final RecordReader imageReader;
    private final RecordReader labelReader;

    Reader(long first, RecordReader imageReader, RecordReader labelReader) {
      super(first);
      this.imageReader = imageReader;
      this.labelReader = labelReader;
    }

    @Override
    public void read(long end, LongPredicate wanted, Sink sink) throws IOException {
      try {
        super.read(end, wanted, sink);
        if (end == examples()) {
          imageReader.finish();
          labelReader.finish();
        }
      } catch (InternalError e) {
        throw RecordReader.cutShort(name, e);
      }
    }

    @Override
    protected void show(long example, Sink sink) throws IOException {
      int labelAt = labelReader.find(example);
      int imageAt = imageReader.find(example);
      int label = Byte.toUnsignedInt(labelReader.block().get(labelAt));
      sink.accept(example, imageReader.block(), imageAt, label);
    }

    @Override
    public void close() throws IOException {
      try (imageReader) {
        labelReader.close();
      }
    }
  }
}
