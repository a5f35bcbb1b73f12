package dev.lockstep.storage;

import dev.lockstep.config.ConfigException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.CommonPathCapabilities;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Options;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.StreamCapabilities;
import org.apache.hadoop.fs.UnsupportedFileSystemException;
import org.apache.hadoop.security.AccessControlException;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkEnv;
import org.apache.spark.deploy.SparkHadoopUtil;

/** Files of one of Hadoop's file systems, set up as Spark's are ({@code spark.hadoop.*}). */
final class HadoopStorage extends PathStorage<Path> {
  /** The first Java release without Subject.getSubject, which Hadoop 3.4 calls. */
  private static final int FIRST_JAVA_WITHOUT = 24;

  private static volatile Settings lastSettings;

  private final Path root;
  private final FileSystem files;
  private FileContext context;

  private HadoopStorage(Location location, Path root, FileSystem files) {
    super(location);
    this.root = root;
    this.files = files;
  }

  static HadoopStorage at(Location location) {
    checkJava(location, Runtime.version().feature());
    try {
      Path root = new Path(location.text());
      return new HadoopStorage(location, root, root.getFileSystem(configuration()));
    } catch (UnsupportedFileSystemException e) {
      throw new ConfigException(
          "%s: %s; put the jar that serves it on Spark's class path (--packages or --jars), or write"
                  .formatted(location, e.getMessage())
              + " a path with a colon in it as ./%s".formatted(location),
          e);
    } catch (IOException | IllegalArgumentException e) {
      throw new ConfigException("cannot use %s: %s".formatted(location, firstLine(e)), e);
    }
  }

  static void checkJava(Location location, int feature) {
    if (feature >= FIRST_JAVA_WITHOUT) {
      throw new ConfigException(
          "%s: Hadoop's file systems do not work on Java %d (getSubject is not supported); use Java 17 to %d, or a local path"
              .formatted(location, feature, FIRST_JAVA_WITHOUT - 1));
    }
  }

  /** Kept, since Hadoop reads it from files within its jars, which takes longer than MNIST. */
  private static Configuration configuration() {
    SparkEnv env = SparkEnv.get();
    SparkConf conf = env == null ? new SparkConf() : env.conf();
    Set<Object> settings = Set.of((Object[]) conf.getAll());
    Settings last = lastSettings;
    if (last == null || !last.spark.equals(settings)) {
      last = new Settings(settings, SparkHadoopUtil.get().newConfiguration(conf));
      lastSettings = last;
    }
    return last.hadoop;
  }

  /** Spark's settings, and what Hadoop's become by them. */
  private record Settings(Set<Object> spark, Configuration hadoop) {}

  @Override
  public boolean isLocal() {
    return false;
  }

  @Override
  public InputStream open(String name, long from) throws IOException {
    return attempt("read", name, path -> open(path, from));
  }

  private InputStream open(Path path, long from) throws IOException {
    FSDataInputStream in = files.open(path);
    try {
      in.seek(from);
      return in;
    } catch (IOException e) {
      try (in) {
        throw e;
      }
    }
  }

  @Override
  public OutputStream create(String name) throws IOException {
    return attempt("write", name, path -> files.create(path, true));
  }

  /**
   * {@inheritDoc}
   *
   * <p>A store that can append shows a file while it is written, as HDFS does; there another name
   * is written, and takes the place of this one in a single act once its bytes are on disk. An
   * object store shows a file when it is closed, and only then; a detour would cost a copy there.
   */
  @Override
  public void writeAtomically(String name, Content content) throws IOException {
    attempt(
        "write",
        name,
        path -> {
          if (files.hasPathCapability(path, CommonPathCapabilities.FS_APPEND)) {
            writeAside(path, content);
          } else {
            write(path, content);
          }
          return path;
        });
  }

  private void writeAside(Path path, Content content) throws IOException {
    Path temporary = new Path(path.getParent(), temporaryName(path.getName()));
    write(temporary, content);
    try {
      replace(path, temporary);
    } catch (IOException e) {
      discard(temporary, e);
      throw e;
    }
  }

  private void replace(Path path, Path by) throws IOException {
    try {
      context().rename(by, path, Options.Rename.OVERWRITE);
    } catch (UnsupportedFileSystemException e) {
      // Two acts: between them the new file is there, whole, under its other name.
      files.delete(path, false);
      if (!files.rename(by, path)) {
        throw new IOException(by.getName() + " cannot be renamed", e);
      }
    }
  }

  /** Kept, since each is a client of its own, which nobody closes. */
  private synchronized FileContext context() throws UnsupportedFileSystemException {
    if (context == null) {
      context = FileContext.getFileContext(files.getUri(), files.getConf());
    }
    return context;
  }

  private void write(Path path, Content content) throws IOException {
    FSDataOutputStream out = files.create(path, true);
    try {
      content.writeTo(out);
      if (out.hasCapability(StreamCapabilities.HSYNC)) {
        out.hsync();
      }
    } catch (IOException | RuntimeException e) {
      if (out.hasCapability(CommonPathCapabilities.ABORTABLE_STREAM)) {
        out.abort();
      } else {
        close(out, e);
        discard(path, e);
      }
      throw e;
    }
    out.close();
  }

  private static void close(FSDataOutputStream out, Exception because) {
    try {
      out.close();
    } catch (IOException e) {
      because.addSuppressed(e);
    }
  }

  private void discard(Path path, Exception because) {
    try {
      files.delete(path, false);
    } catch (IOException e) {
      because.addSuppressed(e);
    }
  }

  @Override
  public long length(String name) throws IOException {
    return attempt("read", name, path -> files.getFileStatus(path).getLen());
  }

  @Override
  public boolean exists(String name) throws IOException {
    return attempt("read", name, files::exists);
  }

  @Override
  public boolean isDirectory(String name) throws IOException {
    return attempt(
        "read", name, path -> files.exists(path) && files.getFileStatus(path).isDirectory());
  }

  @Override
  public List<String> list(String name) throws IOException {
    return attempt(
        "list",
        name,
        path -> {
          FileStatus directory = files.getFileStatus(path);
          if (!directory.isDirectory()) {
            throw new IOException("it is no directory");
          }
          return Arrays.stream(files.listStatus(path))
              .map(status -> status.getPath().getName())
              .sorted()
              .toList();
        });
  }

  @Override
  public void deleteFile(String name) throws IOException {
    attempt("delete", name, path -> files.delete(path, false));
  }

  @Override
  public void createDirectories(String name) throws IOException {
    attempt("create", name, files::mkdirs);
  }

  @Override
  Path path(String name) {
    return name.isEmpty() ? root : new Path(root, name);
  }

  @Override
  String reason(IOException e) {
    if (e instanceof FileNotFoundException) {
      return "it does not exist";
    }
    if (e instanceof AccessControlException) {
      return "this user has no permission";
    }
    if (e instanceof FileAlreadyExistsException) {
      return "something else of that name is in the way";
    }
    return firstLine(e);
  }
}
