package dev.lockstep.serialization.tensor;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;

/** Safetensors files as byte arrays. */
final class FileBytes {
  private FileBytes() {}

  /** A file of a given header and so many zero bytes of data, valid or not. */
  static byte[] of(String header, int dataBytes) {
    return of(header.getBytes(UTF_8), dataBytes);
  }

  static byte[] of(byte[] header, int dataBytes) {
    return ByteBuffer.allocate(8 + header.length + dataBytes)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(header.length)
        .put(header)
        .array();
  }

  /** A file with another header length, as it stands in the first eight bytes. */
  static byte[] withHeaderLength(byte[] file, long length) {
    ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).putLong(length);
    return file;
  }

  static byte[] write(Map<String, String> metadata, List<Tensor> tensors) {
    var out = new ByteArrayOutputStream();
    try {
      SafetensorsWriter.write(out, metadata, tensors);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  static SafetensorsFile read(byte[] bytes) {
    try {
      return SafetensorsReader.read(new ByteArrayInputStream(bytes), bytes.length, "x.safetensors");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
