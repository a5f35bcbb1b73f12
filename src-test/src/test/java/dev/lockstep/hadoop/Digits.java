package dev.lockstep.hadoop;

import dev.lockstep.data.IdxWriter;
import dev.lockstep.data.Split;
import dev.lockstep.data.SyntheticDigits;
import dev.lockstep.storage.Storage;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.zip.GZIPOutputStream;

/** Synthetic digits as MNIST's four files. */
public final class Digits {
  public static final String IMAGES = "train-images-idx3-ubyte";
  static final String LABELS = "train-labels-idx1-ubyte";

  private static final int BUFFER_BYTES = 1 << 16;

  private Digits() {}

  /**
   * Writes n to train and n/6 to test.
   *
   * @param suffix empty, or {@code .gz}
   */
  public static void write(Storage storage, int n, String suffix) throws IOException {
    write(storage, new SyntheticDigits(n, 1, Split.TRAIN), IMAGES + suffix, LABELS + suffix);
    write(
        storage,
        new SyntheticDigits(n, 1, Split.TEST),
        "t10k-images-idx3-ubyte" + suffix,
        "t10k-labels-idx1-ubyte" + suffix);
  }

  private static void write(Storage storage, SyntheticDigits digits, String images, String labels)
      throws IOException {
    try (OutputStream imageStream = create(storage, images);
        OutputStream labelStream = create(storage, labels)) {
      IdxWriter.write(digits, imageStream, labelStream);
    }
  }

  private static OutputStream create(Storage storage, String name) throws IOException {
    OutputStream out = new BufferedOutputStream(storage.create(name), BUFFER_BYTES);
    return name.endsWith(".gz") ? new GZIPOutputStream(out, BUFFER_BYTES) : out;
  }
}
