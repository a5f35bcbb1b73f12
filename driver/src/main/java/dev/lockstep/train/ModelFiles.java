package dev.lockstep.train;

import dev.lockstep.serialization.FormatException;
import dev.lockstep.serialization.model.Model;
import dev.lockstep.storage.Storage;
import java.io.IOException;
import java.io.InputStream;

/** The way of models out of storages. */
public final class ModelFiles {
  private ModelFiles() {}

  /**
   * Reads a model.
   *
   * @param directory where its files lie within the storage
   * @throws FormatException if they are not what they should be
   */
  public static Model read(Storage storage, String directory) throws IOException {
    String tensorFile = directory + "/" + Model.TENSORS;
    long length = storage.length(tensorFile);
    try (InputStream description = storage.open(directory + "/" + Model.DESCRIPTION);
        InputStream tensors = storage.open(tensorFile)) {
      return Model.read(description, tensors, length, storage.location().text() + "/" + directory);
    }
  }
}
