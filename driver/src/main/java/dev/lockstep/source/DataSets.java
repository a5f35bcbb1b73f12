package dev.lockstep.source;

import dev.lockstep.config.ConfigException;
import dev.lockstep.data.DataException;
import dev.lockstep.data.ExampleSource;
import dev.lockstep.data.Split;
import dev.lockstep.data.SyntheticData;
import dev.lockstep.serialization.Sha256;
import dev.lockstep.storage.Location;
import dev.lockstep.storage.Storage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Data sets by URI: {@code synthetic:digits?n=60000&seed=1}, {@code synthetic:gate?of=xor}, or a
 * directory of MNIST's or CIFAR-10's files on any file system.
 */
public final class DataSets {
  private static final int ENDS = 1 << 20;

  private DataSets() {}

  /**
   * Opens one half of a data set.
   *
   * @throws ConfigException if there can be no such URI
   * @throws DataException if what is there is no such data set
   * @throws IOException if it cannot be read
   */
  public static ExampleSource open(String uri, Split split) throws IOException {
    return isSynthetic(uri) ? synthetic(uri, split) : directory(uri).open(split);
  }

  /**
   * A cheap identity of a data set, wherever it lies: for files a SHA-256 over name, length, first
   * and last MiB of each; for synthetic data its URI with all settings.
   *
   * @throws ConfigException if there can be no such URI
   * @throws DataException if there is no such directory
   * @throws IOException if it cannot be read
   */
  public static String fingerprint(String uri) throws IOException {
    if (isSynthetic(uri)) {
      return synthetic(uri, Split.TRAIN).name();
    }
    DataDirectory directory = directory(uri);
    return fingerprint(Storage.at(directory.location()), directory.files());
  }

  /**
   * The same of some files.
   *
   * @param files their names, in the order that counts
   * @throws IOException if one cannot be read
   */
  public static String fingerprint(Storage storage, List<String> files) throws IOException {
    Sha256 hash = new Sha256();
    for (String file : files) {
      long length = storage.length(file);
      hash.update(file.getBytes(StandardCharsets.UTF_8));
      hash.update(ByteBuffer.allocate(1 + Long.BYTES).put((byte) 0).putLong(length).array());
      try (InputStream in = storage.open(file)) {
        hash.update(in.readNBytes(ENDS));
      }
      try (InputStream in = storage.open(file, Math.max(Math.min(length, ENDS), length - ENDS))) {
        hash.update(in.readNBytes(ENDS));
      }
    }
    return "sha256:" + hash.hex();
  }

  private static boolean isSynthetic(String uri) {
    return uri.startsWith(SyntheticData.SCHEME);
  }

  private static ExampleSource synthetic(String uri, Split split) {
    try {
      return SyntheticData.parse(uri, split);
    } catch (IllegalArgumentException e) {
      throw new ConfigException(e.getMessage(), e);
    }
  }

  private static DataDirectory directory(String uri) throws IOException {
    return DataDirectory.at(new Location(uri));
  }
}
