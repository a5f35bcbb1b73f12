package dev.lockstep.fuzz;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Several byte sequences in one: each but the last has its length before it, in two bytes, the
 * higher first.
 */
final class Pieces {
  private static final int LENGTH_BYTES = 2;

  private Pieces() {}

  static byte[] join(byte[]... pieces) {
    ByteArrayOutputStream joined = new ByteArrayOutputStream();
    for (int p = 0; p < pieces.length; p++) {
      byte[] piece = pieces[p];
      if (p < pieces.length - 1) {
        joined.write(piece.length >> 8);
        joined.write(piece.length);
      }
      joined.writeBytes(piece);
    }
    return joined.toByteArray();
  }

  /** Pieces to join, with empty ones behind them. */
  static byte[][] padded(List<byte[]> pieces, int count) {
    byte[][] padded = new byte[count][];
    Arrays.setAll(padded, p -> p < pieces.size() ? pieces.get(p) : new byte[0]);
    return padded;
  }

  /** So many pieces; those that the bytes do not reach are empty. */
  static List<byte[]> split(byte[] joined, int count) {
    List<byte[]> pieces = new ArrayList<>();
    int at = 0;
    for (int p = 0; p < count; p++) {
      int left = joined.length - at;
      int length = left;
      if (p < count - 1) {
        boolean isThere = left >= LENGTH_BYTES;
        length =
            isThere ? Byte.toUnsignedInt(joined[at]) << 8 | Byte.toUnsignedInt(joined[at + 1]) : 0;
        at += isThere ? LENGTH_BYTES : left;
        length = Math.min(length, joined.length - at);
      }
      pieces.add(Arrays.copyOfRange(joined, at, at + length));
      at += length;
    }
    return pieces;
  }
}
