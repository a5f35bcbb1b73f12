package dev.lockstep.serialization.tensor;

import static dev.lockstep.serialization.FormatException.shown;

import dev.lockstep.serialization.FloatChunk;
import dev.lockstep.serialization.FormatException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Reads safetensors of float32 and trusts no byte: what a file declares is checked against its
 * length before memory is taken for it.
 */
public final class SafetensorsReader {
  /** What every JVM lets an array have. */
  private static final int MAX_VALUES = Integer.MAX_VALUE - 8;

  private final InputStream in;
  private final long length;
  private final String file;

  private SafetensorsReader(InputStream in, long length, String file) {
    this.in = in;
    this.length = length;
    this.file = file;
  }

  /**
   * Reads a whole file; the stream stays open.
   *
   * @param in the file from its first byte to its last
   * @param length its length in bytes, as the file system has it
   * @param name its name, for messages
   * @throws FormatException if it is not a safetensors file of float32 tensors, exactly
   * @throws IOException if the stream fails
   */
  public static SafetensorsFile read(InputStream in, long length, String name) throws IOException {
    return new SafetensorsReader(in, length, name).read();
  }

  private SafetensorsFile read() throws IOException {
    int headerLength = headerLength();
    Header header = HeaderParser.parse(file, bytes(headerLength));
    List<Tensor> tensors = new ArrayList<>();
    for (Header.Entry entry : placed(header, length - Long.BYTES - headerLength)) {
      tensors.add(new Tensor(entry.name(), entry.shape(), values(entry)));
    }
    if (in.read() >= 0) {
      throw bad("the stream goes on after the file's %d bytes".formatted(length));
    }
    return new SafetensorsFile(header.metadata(), tensors);
  }

  private int headerLength() throws IOException {
    int shortest = Long.BYTES + Header.MIN_BYTES;
    if (length < shortest) {
      throw bad("%d bytes are no safetensors file; want at least %d".formatted(length, shortest));
    }
    long declared = ByteBuffer.wrap(bytes(Long.BYTES)).order(ByteOrder.LITTLE_ENDIAN).getLong();
    long bound = Math.min(Header.MAX_BYTES, length - Long.BYTES);
    if (declared < Header.MIN_BYTES || declared > bound) {
      throw bad(
          "the header declares %s bytes; want %d to %d in a file of %d bytes"
              .formatted(Long.toUnsignedString(declared), Header.MIN_BYTES, bound, length));
    }
    return (int) declared;
  }

  /** The entries in the order of their bytes, which cover the data without overlap or hole. */
  private List<Header.Entry> placed(Header header, long dataLength) {
    List<Header.Entry> entries = new ArrayList<>(header.entries());
    entries.sort(Comparator.comparingLong(Header.Entry::begin).thenComparing(Header.Entry::end));
    long covered = 0;
    for (Header.Entry entry : entries) {
      checkSize(entry, dataLength);
      if (entry.begin() < covered) {
        throw bad(
            "tensor %s begins at byte %d of the data, but the one before it ends at %d"
                .formatted(shown(entry.name()), entry.begin(), covered));
      }
      checkHole(covered, entry.begin());
      covered = entry.end();
    }
    checkHole(covered, dataLength);
    return entries;
  }

  private void checkSize(Header.Entry entry, long dataLength) {
    long begin = entry.begin();
    long end = entry.end();
    String tensor = "tensor " + shown(entry.name());
    if (begin > end || end > dataLength) {
      throw bad(
          "%s has data_offsets [%d, %d]; want them ascending within the data's %d bytes"
              .formatted(tensor, begin, end, dataLength));
    }
    long elements = Tensor.elements(entry.shape());
    if ((end - begin) % Float.BYTES != 0 || (end - begin) / Float.BYTES != elements) {
      throw bad(
          "%s has shape %s, but %d bytes; want 4 for each value"
              .formatted(tensor, shown(entry.shape().toString()), end - begin));
    }
    if (elements > MAX_VALUES) {
      throw bad(
          "%s has %d values, but one array can hold %d".formatted(tensor, elements, MAX_VALUES));
    }
  }

  private void checkHole(long from, long to) {
    if (from < to) {
      throw bad("bytes [%d, %d) of the data belong to no tensor".formatted(from, to));
    }
  }

  private float[] values(Header.Entry entry) throws IOException {
    float[] values = new float[(int) ((entry.end() - entry.begin()) / Float.BYTES)];
    var chunk = new FloatChunk(values.length);
    for (int at = 0; at < values.length; ) {
      int count = chunk.turn(values.length - at);
      if (in.readNBytes(chunk.bytes(), 0, count * Float.BYTES) < count * Float.BYTES) {
        throw truncated();
      }
      chunk.get(values, at, count);
      at += count;
    }
    return values;
  }

  private byte[] bytes(int count) throws IOException {
    byte[] bytes = in.readNBytes(count);
    if (bytes.length < count) {
      throw truncated();
    }
    return bytes;
  }

  private FormatException truncated() {
    return bad("the stream ends before the file's %d bytes".formatted(length));
  }

  private FormatException bad(String sentence) {
    return new FormatException(file + ": " + sentence);
  }
}
