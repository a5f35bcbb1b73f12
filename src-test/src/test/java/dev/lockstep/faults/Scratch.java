package dev.lockstep.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Where the processes of runs put what is not to stay: Java's temporary directory, and the
 * directories that workers give to executors and to drivers that they run.
 *
 * @param temporary java.io.tmpdir of drivers and executors
 * @param cluster holds a directory for each worker
 */
record Scratch(Path temporary, Path cluster) {
  private static final String WORKER = "worker-";

  /** The beginnings of the names that Spark gives its directories. */
  private static final Pattern SPARK = Pattern.compile("(spark|blockmgr|executor|userFiles)-.*");

  /** Only the JVM that has unpacked it deletes it, in its last moments; one killed has none. */
  private static final Pattern NATIVE_LIBRARY = Pattern.compile(".*\\.so(\\.lck)?");

  /** What lies there now. The logs that Spark's workers keep are no part of it. */
  Set<Path> now() throws IOException {
    Set<Path> all = new TreeSet<>(list(temporary, name -> true));
    for (Path worker : list(cluster, name -> name.startsWith(WORKER))) {
      for (Path own : list(worker, name -> SPARK.matcher(name).matches())) {
        boolean isOfDaemon = own.getFileName().toString().startsWith("spark-");
        all.addAll(isOfDaemon ? list(own, name -> true) : List.of(own));
      }
    }
    return all;
  }

  private static Collection<Path> list(Path directory, Predicate<String> which) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.filter(file -> which.test(file.getFileName().toString())).toList();
    } catch (NoSuchFileException | NotDirectoryException e) { // It has just been deleted.
      return List.of();
    }
  }

  /**
   * What has come since, but for what nobody was left to delete.
   *
   * @param before what lay there when the run began
   * @param kind what has happened to the run
   */
  Set<Path> leftSince(Set<Path> before, FaultKind kind) throws IOException {
    return now().stream()
        .filter(file -> !before.contains(file) && !isOrphan(file, kind))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private boolean isOrphan(Path file, FaultKind kind) {
    String name = file.getFileName().toString();
    boolean isTemporary = file.startsWith(temporary);
    return switch (kind) {
          case DRIVER_KILLED, SUPERVISED_DRIVER_KILLED -> SPARK.matcher(name).matches();
          case WORKER_KILLED, WORKER_LOST -> !isTemporary && SPARK.matcher(name).matches();
          default -> false;
        }
        || (isTemporary && NATIVE_LIBRARY.matcher(name).matches());
  }
}
