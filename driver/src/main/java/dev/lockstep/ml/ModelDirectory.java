package dev.lockstep.ml;

import dev.lockstep.config.ConfigException;
import dev.lockstep.serialization.model.Model;
import dev.lockstep.storage.Location;
import dev.lockstep.storage.Storage;
import dev.lockstep.train.ModelFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.function.BiFunction;
import org.apache.hadoop.fs.Path;
import org.apache.spark.ml.param.Params;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.DefaultParamsReader$;
import org.apache.spark.ml.util.DefaultParamsWriter$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.ml.util.MLWriter;
import org.apache.spark.sql.SparkSession;

/** Where a stage keeps its network: in files as those of a run, beside Spark's metadata. */
final class ModelDirectory {
  private static final String DIRECTORY = "model";

  private ModelDirectory() {}

  /** Saves a stage with its network. */
  static final class Writer extends MLWriter {
    private final Params stage;
    private final Model model;

    Writer(Params stage, Model model) {
      this.stage = stage;
      this.model = model;
    }

    @Override
    public void saveImpl(String path) {
      DefaultParamsWriter$.MODULE$.saveMetadata(
          stage, path, sparkSession(), scala.Option.empty(), scala.Option.empty());
      try {
        Storage storage = storage(path, sparkSession());
        storage.writeAtomically(DIRECTORY + "/" + Model.TENSORS, model::writeTensors);
        storage.writeAtomically(DIRECTORY + "/" + Model.DESCRIPTION, model::writeDescription);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /**
   * Reads a stage with its network.
   *
   * @param <S> the stage
   */
  static final class Reader<S extends Params> extends MLReader<S> {
    private final Class<S> type;
    private final BiFunction<String, Model, S> make;

    /**
     * Of stages of one class.
     *
     * @param make one with a name and a network
     */
    Reader(Class<S> type, BiFunction<String, Model, S> make) {
      this.type = type;
      this.make = make;
    }

    @Override
    public S load(String path) {
      DefaultParamsReader.Metadata metadata =
          DefaultParamsReader$.MODULE$.loadMetadata(path, sparkSession(), type.getName());
      try {
        S stage =
            make.apply(metadata.uid(), ModelFiles.read(storage(path, sparkSession()), DIRECTORY));
        metadata.getAndSetParams(stage, scala.Option.empty());
        return stage;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /**
   * The network in a directory: of a run, of a saved stage, or with its files alone.
   *
   * @throws ConfigException if there is none
   */
  static Model read(String path, SparkSession spark) {
    try {
      Storage storage = storage(path, spark);
      for (String directory : List.of(DIRECTORY, "")) {
        if (storage.exists(ModelFiles.name(directory, Model.DESCRIPTION))) {
          return ModelFiles.read(storage, directory);
        }
      }
      throw new ConfigException(
          "%s has no model; want the directory of a finished run, of a saved stage, or of a model"
              .formatted(path));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Storage storage(String path, SparkSession spark) {
    return Storage.at(new Location(qualified(path, spark)));
  }

  /** Paths are Hadoop's here, as in all of Spark's stages. */
  static String qualified(String path, SparkSession spark) {
    Path hadoop = new Path(path);
    try {
      return hadoop
          .getFileSystem(spark.sparkContext().hadoopConfiguration())
          .makeQualified(hadoop)
          .toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
