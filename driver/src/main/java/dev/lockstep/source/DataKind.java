package dev.lockstep.source;

import dev.lockstep.data.ByteSource;
import dev.lockstep.data.Cifar10Source;
import dev.lockstep.data.DataException;
import dev.lockstep.data.ExampleSource;
import dev.lockstep.data.IdxSource;
import dev.lockstep.data.Split;
import java.io.IOException;
import java.util.List;
import java.util.stream.IntStream;

/** The kinds of data that come as a directory of files, told by the names of the files. */
enum DataKind {
  /** MNIST's own: {@code train-images-idx3-ubyte} and so on, also with {@code .idx3}. */
  IDX("MNIST's four IDX files") {
    @Override
    List<String> files(Split split) {
      String base = split == Split.TRAIN ? "train" : "t10k";
      return List.of(base + "-images-idx3-ubyte", base + "-labels-idx1-ubyte");
    }

    @Override
    List<String> forms(String file) {
      return List.of(file, file.replace("-idx", ".idx"));
    }

    @Override
    ExampleSource open(String name, List<? extends ByteSource> files) throws IOException {
      return IdxSource.open(name, files.get(0), files.get(1));
    }
  },

  /** What the archive of CIFAR-10's binary version unpacks to. */
  CIFAR10("CIFAR-10's six binary files") {
    @Override
    List<String> files(Split split) {
      return split == Split.TRAIN
          ? IntStream.rangeClosed(1, 5).mapToObj("data_batch_%d.bin"::formatted).toList()
          : List.of("test_batch.bin");
    }

    @Override
    ExampleSource open(String name, List<? extends ByteSource> files) throws IOException {
      return Cifar10Source.open(name, files);
    }
  };

  private final String described;

  DataKind(String described) {
    this.described = described;
  }

  /** The files of one half, in their order. */
  abstract List<String> files(Split split);

  /** The names under which a file may stand as well, itself first; each also with .gz. */
  List<String> forms(String file) {
    return List.of(file);
  }

  /**
   * The examples of one half.
   *
   * @param name what to call them
   * @param files what {@link #files} names
   * @throws DataException if they are not what they should be
   */
  abstract ExampleSource open(String name, List<? extends ByteSource> files) throws IOException;

  /** What a directory of it holds. */
  @Override
  public String toString() {
    return described;
  }
}
