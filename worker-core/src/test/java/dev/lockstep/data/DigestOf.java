package dev.lockstep.data;

import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.function.LongPredicate;

/** SHA-256 over examples: the pixels, then the label, of each in turn. */
final class DigestOf {
  private DigestOf() {}

  static String examples(ExampleSource source) throws IOException {
    return examples(source, index -> true);
  }

  static String examples(ExampleSource source, LongPredicate wanted) throws IOException {
    MessageDigest digest = sha256();
    source.read(
        wanted,
        (index, pixels, offset, label) -> {
          digest.update(pixels.slice(offset, source.features()));
          digest.update((byte) label);
        });
    return HexFormat.of().formatHex(digest.digest());
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has SHA-256", e);
    }
  }
}
