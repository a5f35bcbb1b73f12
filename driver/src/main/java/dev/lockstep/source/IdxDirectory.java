package dev.lockstep.source;

import dev.lockstep.data.DataException;
import dev.lockstep.data.ExampleSource;
import dev.lockstep.data.IdxSource;
import dev.lockstep.data.Split;
import dev.lockstep.storage.Location;
import dev.lockstep.storage.Storage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A directory with files named like MNIST's four: {@code train-images-idx3-ubyte} and so on, also
 * with {@code .idx3}, also with {@code .gz}. Of several forms of one file the first of those
 * counts.
 *
 * @param location the directory
 * @param names what it holds
 */
record IdxDirectory(Location location, List<String> names) {
  private static final String IMAGES = "-images-idx3-ubyte";
  private static final String LABELS = "-labels-idx1-ubyte";

  /**
   * Lists a directory.
   *
   * @throws DataException if it is not there, or no directory
   */
  static IdxDirectory at(Location location) throws IOException {
    Storage storage = Storage.at(location);
    if (!storage.isDirectory("")) {
      String problem = storage.exists("") ? "is no directory" : "does not exist";
      throw new DataException(
          "%s %s; want a directory with MNIST's four IDX files, or synthetic:digits"
              .formatted(location, problem));
    }
    return new IdxDirectory(location, storage.list(""));
  }

  /**
   * The examples of one half.
   *
   * @throws DataException naming what is missing
   */
  ExampleSource open(Split split) throws IOException {
    String images = base(split) + IMAGES;
    String labels = base(split) + LABELS;
    List<String> missing = Stream.of(images, labels).filter(name -> find(name).isEmpty()).toList();
    if (!missing.isEmpty()) {
      throw new DataException(
          "%s has no %s, plain or as .gz; want MNIST's four IDX files under their own names"
              .formatted(location, String.join(" and no ", missing)));
    }
    return IdxSource.open(location.text(), file(images), file(labels));
  }

  /** Those of the four files that are there, in a fixed order. */
  List<String> files() {
    List<String> files = new ArrayList<>();
    for (Split split : Split.values()) {
      find(base(split) + IMAGES).ifPresent(files::add);
      find(base(split) + LABELS).ifPresent(files::add);
    }
    return files;
  }

  private StorageByteSource file(String name) {
    return new StorageByteSource(location.resolve(find(name).orElseThrow()));
  }

  private Optional<String> find(String name) {
    String dotted = name.replace("-idx", ".idx");
    return Stream.of(name, dotted, name + ".gz", dotted + ".gz")
        .filter(names::contains)
        .findFirst();
  }

  private static String base(Split split) {
    return switch (split) {
      case TRAIN -> "train";
      case TEST -> "t10k";
    };
  }
}
