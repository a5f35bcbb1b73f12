package dev.lockstep.hadoop;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Abortable;
import org.apache.hadoop.fs.CommonPathCapabilities;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FSInputStream;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.StreamCapabilities;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.util.Progressable;

/**
 * An object store in the memory of this JVM, {@code bucket://name/key}. It has what such stores
 * have in common and nothing more: an object is there once it has been closed, whole, in the place
 * of an old one; there is no rename and no append; a directory is nothing but the beginning of a
 * key, and creating one does nothing. Skipping is reading.
 */
public final class Bucket extends FileSystem {
  static final String SCHEME = "bucket";
  static final String PROPERTY = "spark.hadoop.fs.bucket.impl";

  private static final long BLOCK_BYTES = 1 << 20;

  /** By URI. */
  private static final NavigableMap<String, byte[]> OBJECTS = new ConcurrentSkipListMap<>();

  private URI uri;

  /** Takes all objects away. */
  static void empty() {
    OBJECTS.clear();
  }

  @Override
  public void initialize(URI name, Configuration conf) throws IOException {
    super.initialize(name, conf);
    uri = URI.create(SCHEME + "://" + name.getAuthority());
  }

  @Override
  public String getScheme() {
    return SCHEME;
  }

  @Override
  public URI getUri() {
    return uri;
  }

  private String key(Path path) {
    return path.makeQualified(uri, getWorkingDirectory()).toString();
  }

  private static String prefix(String key) {
    return key.endsWith("/") ? key : key + "/";
  }

  private NavigableMap<String, byte[]> below(Path directory) {
    String prefix = prefix(key(directory));
    return OBJECTS.subMap(prefix, true, prefix + Character.MAX_VALUE, true);
  }

  @Override
  public FSDataInputStream open(Path path, int bufferSize) throws IOException {
    byte[] object = OBJECTS.get(key(path));
    if (object == null) {
      throw new FileNotFoundException(path + " is no object");
    }
    return new FSDataInputStream(new Input(object));
  }

  @Override
  public FSDataOutputStream create(
      Path path,
      FsPermission permission,
      boolean overwrite,
      int bufferSize,
      short replication,
      long blockSize,
      Progressable progress)
      throws IOException {
    for (Path above = path.getParent(); above != null; above = above.getParent()) {
      if (OBJECTS.containsKey(key(above))) {
        throw new FileAlreadyExistsException(above + " is an object");
      }
    }
    if (!below(path).isEmpty() || (!overwrite && OBJECTS.containsKey(key(path)))) {
      throw new FileAlreadyExistsException(path + " is there");
    }
    return new FSDataOutputStream(new Output(key(path)), null);
  }

  @Override
  public FSDataOutputStream append(Path path, int bufferSize, Progressable progress) {
    throw new UnsupportedOperationException("an object store cannot append to " + path);
  }

  @Override
  public boolean rename(Path from, Path to) {
    throw new UnsupportedOperationException("an object store cannot rename " + from);
  }

  @Override
  public boolean delete(Path path, boolean recursive) throws IOException {
    if (!recursive && !below(path).isEmpty()) {
      throw new IOException(path + " is not empty");
    }
    boolean isThere = OBJECTS.remove(key(path)) != null || !below(path).isEmpty();
    below(path).clear();
    return isThere;
  }

  @Override
  public FileStatus[] listStatus(Path path) throws IOException {
    FileStatus status = getFileStatus(path);
    if (!status.isDirectory()) {
      return new FileStatus[] {status};
    }
    Map<String, FileStatus> children = new LinkedHashMap<>();
    int start = prefix(key(path)).length();
    for (Map.Entry<String, byte[]> object : below(path).entrySet()) {
      String child = object.getKey().substring(start).split("/", 2)[0];
      children.put(child, getFileStatus(new Path(path, child)));
    }
    return children.values().toArray(FileStatus[]::new);
  }

  @Override
  public FileStatus getFileStatus(Path path) throws IOException {
    byte[] object = OBJECTS.get(key(path));
    if (object == null && below(path).isEmpty()) {
      throw new FileNotFoundException(path + " is no object");
    }
    long length = object == null ? 0 : object.length;
    return new FileStatus(length, object == null, 1, BLOCK_BYTES, 0, new Path(key(path)));
  }

  @Override
  public boolean mkdirs(Path path, FsPermission permission) {
    return true;
  }

  @Override
  public void setWorkingDirectory(Path directory) {
    throw new UnsupportedOperationException("an object store has no working directory");
  }

  @Override
  public Path getWorkingDirectory() {
    return new Path(uri + "/");
  }

  private static final class Input extends FSInputStream {
    private final byte[] object;
    private final ByteArrayInputStream in;

    Input(byte[] object) {
      this.object = object;
      this.in = new ByteArrayInputStream(object);
    }

    @Override
    public int read() {
      return in.read();
    }

    @Override
    public int read(byte[] into, int offset, int length) {
      return in.read(into, offset, length);
    }

    @Override
    public void seek(long position) throws IOException {
      if (position > object.length) {
        throw new EOFException(
            "an object of %d bytes has no %d".formatted(object.length, position));
      }
      in.reset();
      in.skip(position);
    }

    @Override
    public long getPos() {
      return (long) object.length - in.available();
    }

    @Override
    public boolean seekToNewSource(long position) {
      return false;
    }
  }

  private static final class Output extends ByteArrayOutputStream
      implements Abortable, StreamCapabilities {
    private final String key;
    private boolean isOpen = true;

    Output(String key) {
      this.key = key;
    }

    @Override
    public void close() {
      if (isOpen) {
        isOpen = false;
        OBJECTS.put(key, toByteArray());
      }
    }

    @Override
    public AbortableResult abort() {
      boolean wasOpen = isOpen;
      isOpen = false;
      return new AbortableResult() {
        @Override
        public boolean alreadyClosed() {
          return !wasOpen;
        }

        @Override
        public IOException anyCleanupException() {
          return null;
        }
      };
    }

    @Override
    public boolean hasCapability(String capability) {
      return capability.equals(CommonPathCapabilities.ABORTABLE_STREAM);
    }
  }
}
