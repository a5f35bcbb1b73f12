package dev.lockstep.train;

import dev.lockstep.serialization.FormatException;
import dev.lockstep.serialization.model.Model;
import dev.lockstep.storage.Storage;
import java.io.IOException;
import java.io.InputStream;

/** The way of models out of storages. */
public final class ModelFiles {
  private ModelFiles() {}

  /** A file in a directory of a storage; an empty name is the storage itself. */
  public static String name(String directory, String file) {
    return directory.isEmpty() ? file : directory + "/" + file;
  }

  /**
   * Reads a model.
   *
   * @param directory where its files lie within the storage; empty for the storage itself
   * @throws FormatException if they are not what they should be
   */
  public static Model read(Storage storage, String directory) throws IOException {
    String tensorFile = name(directory, Model.TENSORS);
    long length = storage.length(tensorFile);
    try (InputStream description = storage.open(name(directory, Model.DESCRIPTION));
        InputStream tensors = storage.open(tensorFile)) {
      return Model.read(description, tensors, length, storage.location().resolve(directory).text());
    }
  }
}
