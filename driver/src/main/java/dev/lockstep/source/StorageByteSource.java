package dev.lockstep.source;

import dev.lockstep.data.ByteSource;
import dev.lockstep.storage.Location;
import dev.lockstep.storage.Storage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;

/**
 * A file wherever it lies. What travels to a task is the location; the task opens it itself.
 *
 * @param location the file
 */
public record StorageByteSource(Location location) implements ByteSource {
  @Override
  public String name() {
    return location.text();
  }

  @Override
  public InputStream open() throws IOException {
    return open(0);
  }

  @Override
  public InputStream open(long from) throws IOException {
    return Storage.at(location).open("", from);
  }

  @Override
  public boolean isMappable() {
    return location.isLocal();
  }

  @Override
  public ByteBuffer map(long from, int length) throws IOException {
    return Storage.at(location).map("", from, length);
  }

  @Override
  public long length() throws IOException {
    return Storage.at(location).length("");
  }
}
