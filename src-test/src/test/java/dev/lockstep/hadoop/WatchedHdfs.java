package dev.lockstep.hadoop;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FSInputStream;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.StreamCapabilities;
import org.apache.hadoop.fs.Syncable;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.hdfs.DistributedFileSystem;
import org.apache.hadoop.util.Progressable;

/**
 * The client of HDFS, which counts the bytes that this JVM reads of each file and does something in
 * the middle of a file when told to. Its streams can seek; skipping is reading, as on object
 * stores.
 */
public final class WatchedHdfs extends DistributedFileSystem {
  private static final Map<String, AtomicLong> READ = new ConcurrentHashMap<>();
  private static final AtomicReference<Surprise> NEXT = new AtomicReference<>();

  /**
   * What is to happen.
   *
   * @param file in whose middle
   * @param bytes after so many of them in one stream
   * @param isRead whether they are read or written
   */
  private record Surprise(Predicate<Path> file, long bytes, boolean isRead, Runnable what) {}

  /** Once some file has been read so far by some stream, does something; once. */
  static void onceRead(Predicate<Path> file, long bytes, Runnable what) {
    NEXT.set(new Surprise(file, bytes, true, what));
  }

  /** Once some file has been written so far by some stream, does something; once. */
  static void onceWritten(Predicate<Path> file, long bytes, Runnable what) {
    NEXT.set(new Surprise(file, bytes, false, what));
  }

  /** Whether what was to happen has happened. */
  static boolean hasHappened() {
    return NEXT.get() == null;
  }

  /** How many bytes this JVM has read of the files of a name. */
  static long bytesRead(String name) {
    return Optional.ofNullable(READ.get(name)).map(AtomicLong::get).orElse(0L);
  }

  /** Begins to count anew. */
  static void forgetReads() {
    READ.clear();
  }

  private static void progress(Path file, long bytes, boolean isRead) {
    Surprise next = NEXT.get();
    boolean isDue =
        next != null
            && next.isRead == isRead
            && bytes >= next.bytes
            && next.file.test(file)
            && NEXT.compareAndSet(next, null);
    if (isDue) {
      next.what.run();
    }
  }

  @Override
  public FSDataInputStream open(Path file, int bufferSize) throws IOException {
    return new FSDataInputStream(new Input(file, super.open(file, bufferSize)));
  }

  @Override
  public FSDataOutputStream create(
      Path file,
      FsPermission permission,
      boolean overwrite,
      int bufferSize,
      short replication,
      long blockSize,
      Progressable progress)
      throws IOException {
    return new FSDataOutputStream(
        new Output(
            file,
            super.create(
                file, permission, overwrite, bufferSize, replication, blockSize, progress)),
        null);
  }

  private static final class Input extends FSInputStream {
    private final Path file;
    private final FSDataInputStream in;
    private long bytes;

    Input(Path file, FSDataInputStream in) {
      this.file = file;
      this.in = in;
    }

    @Override
    public int read() throws IOException {
      int value = in.read();
      count(value < 0 ? 0 : 1);
      return value;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      int count = in.read(into, offset, length);
      count(Math.max(0, count));
      return count;
    }

    private void count(int more) {
      bytes += more;
      READ.computeIfAbsent(file.getName(), name -> new AtomicLong()).addAndGet(more);
      progress(file, bytes, true);
    }

    @Override
    public void seek(long position) throws IOException {
      in.seek(position);
    }

    @Override
    public long getPos() throws IOException {
      return in.getPos();
    }

    @Override
    public boolean seekToNewSource(long position) throws IOException {
      return in.seekToNewSource(position);
    }

    @Override
    public void close() throws IOException {
      in.close();
    }
  }

  private static final class Output extends FilterOutputStream
      implements Syncable, StreamCapabilities {
    private final Path file;
    private final FSDataOutputStream stream;
    private long bytes;

    Output(Path file, FSDataOutputStream stream) {
      super(stream);
      this.file = file;
      this.stream = stream;
    }

    @Override
    public void hflush() throws IOException {
      stream.hflush();
    }

    @Override
    public void hsync() throws IOException {
      stream.hsync();
    }

    @Override
    public boolean hasCapability(String capability) {
      return stream.hasCapability(capability);
    }

    @Override
    public void write(int value) throws IOException {
      write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] from, int offset, int length) throws IOException {
      out.write(from, offset, length);
      bytes += length;
      progress(file, bytes, false);
    }
  }
}
