package dev.lockstep.serialization.tensor;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.lockstep.serialization.FloatChunk;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Writes safetensors: the same content gives the same bytes. */
public final class SafetensorsWriter {
  private static final JsonFactory JSON = new JsonFactory();

  /** Data begins at a multiple of this. */
  private static final int ALIGNMENT = 8;

  private SafetensorsWriter() {}

  /**
   * Writes a file and flushes the stream, which stays open. Metadata goes out sorted by key,
   * tensors in the given order, each asked for its values when its turn comes; only one {@link
   * FloatChunk} of the data is ever copied.
   *
   * @throws IllegalArgumentException if names collide, the header exceeds 100 MB, or values are not
   *     as many as their shape says
   * @throws IOException if the stream fails
   */
  public static void write(
      OutputStream out, Map<String, String> metadata, List<? extends TensorSource> tensors)
      throws IOException {
    SafetensorsFile.check(metadata, tensors);
    byte[] header = header(new TreeMap<>(metadata), tensors);
    if (header.length > Header.MAX_BYTES) {
      throw new IllegalArgumentException(
          "names, shapes and metadata make a header of %d bytes; the format allows %d"
              .formatted(header.length, Header.MAX_BYTES));
    }
    ByteBuffer length = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    out.write(length.putLong(header.length).array());
    out.write(header);
    for (TensorSource tensor : tensors) {
      writeValues(out, new Tensor(tensor.name(), tensor.shape(), tensor.values()).values());
    }
    out.flush();
  }

  private static byte[] header(
      SortedMap<String, String> metadata, List<? extends TensorSource> tensors) throws IOException {
    var bytes = new ByteArrayOutputStream();
    try (JsonGenerator json = JSON.createGenerator(bytes)) {
      json.writeStartObject();
      if (!metadata.isEmpty()) {
        json.writeObjectFieldStart(SafetensorsFile.METADATA);
        for (Map.Entry<String, String> entry : metadata.entrySet()) {
          json.writeStringField(entry.getKey(), entry.getValue());
        }
        json.writeEndObject();
      }
      long begin = 0;
      for (TensorSource tensor : tensors) {
        long end = begin + Tensor.elements(tensor.shape()) * Float.BYTES;
        writeEntry(json, new Header.Entry(tensor.name(), tensor.shape(), begin, end));
        begin = end;
      }
      json.writeEndObject();
    }
    while (bytes.size() % ALIGNMENT != 0) {
      bytes.write(' ');
    }
    return bytes.toByteArray();
  }

  private static void writeEntry(JsonGenerator json, Header.Entry entry) throws IOException {
    json.writeObjectFieldStart(entry.name());
    json.writeStringField("dtype", Header.F32);
    json.writeArrayFieldStart("shape");
    for (int dimension : entry.shape()) {
      json.writeNumber(dimension);
    }
    json.writeEndArray();
    json.writeArrayFieldStart("data_offsets");
    json.writeNumber(entry.begin());
    json.writeNumber(entry.end());
    json.writeEndArray();
    json.writeEndObject();
  }

  private static void writeValues(OutputStream out, float[] values) throws IOException {
    var chunk = new FloatChunk(values.length);
    for (int at = 0; at < values.length; ) {
      int count = chunk.turn(values.length - at);
      chunk.put(values, at, count);
      out.write(chunk.bytes(), 0, count * Float.BYTES);
      at += count;
    }
  }
}
