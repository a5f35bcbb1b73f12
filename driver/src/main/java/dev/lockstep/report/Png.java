package dev.lockstep.report;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.zip.CRC32;
import java.util.zip.DeflaterOutputStream;

/**
 * Small pictures as PNG (W3C, Portable Network Graphics, third edition), without the window system
 * that Java's own writer comes with.
 */
final class Png {
  private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
  private static final int GREY = 0;
  private static final int RGB = 2;

  private Png() {}

  /**
   * A picture as the address of itself.
   *
   * @param samples [height,width,channels], bytes without a sign
   * @param channels 1 for grey, 3 for red, green and blue
   */
  static String dataUri(byte[] samples, int height, int width, int channels) {
    try {
      ByteArrayOutputStream png = new ByteArrayOutputStream();
      png.write(SIGNATURE);
      chunk(png, "IHDR", header(height, width, channels == 1 ? GREY : RGB));
      chunk(png, "IDAT", packed(samples, height, width * channels));
      chunk(png, "IEND", new byte[0]);
      return "data:image/png;base64," + Base64.getEncoder().encodeToString(png.toByteArray());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] header(int height, int width, int colours) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    out.writeInt(width);
    out.writeInt(height);
    // Eight bits a sample; the one compression, filtering and order that there is.
    out.write(new byte[] {8, (byte) colours, 0, 0, 0});
    return bytes.toByteArray();
  }

  private static byte[] packed(byte[] samples, int height, int rowBytes) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DeflaterOutputStream out = new DeflaterOutputStream(bytes)) {
      for (int row = 0; row < height; row++) {
        out.write(0); // A row as it is, not as a difference.
        out.write(samples, row * rowBytes, rowBytes);
      }
    }
    return bytes.toByteArray();
  }

  private static void chunk(ByteArrayOutputStream png, String type, byte[] content)
      throws IOException {
    byte[] name = type.getBytes(StandardCharsets.US_ASCII);
    CRC32 crc = new CRC32();
    crc.update(name);
    crc.update(content);
    DataOutputStream out = new DataOutputStream(png);
    out.writeInt(content.length);
    out.write(name);
    out.write(content);
    out.writeInt((int) crc.getValue());
  }
}
