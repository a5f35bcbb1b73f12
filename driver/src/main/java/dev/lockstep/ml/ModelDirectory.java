package dev.lockstep.ml;

import dev.lockstep.serialization.model.Model;
import dev.lockstep.storage.Location;
import dev.lockstep.storage.Storage;
import dev.lockstep.train.ModelFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;

/** Where a stage keeps its network: in files as those of a run, beside Spark's metadata. */
final class ModelDirectory {
  private static final String DIRECTORY = "model";

  private ModelDirectory() {}

  static void write(String path, SparkSession spark, Model model) {
    try {
      Storage storage = storage(path, spark);
      storage.writeAtomically(DIRECTORY + "/" + Model.TENSORS, model::writeTensors);
      storage.writeAtomically(DIRECTORY + "/" + Model.DESCRIPTION, model::writeDescription);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Model read(String path, SparkSession spark) {
    try {
      return ModelFiles.read(storage(path, spark), DIRECTORY);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Paths are Hadoop's here, as in all of Spark's stages. */
  private static Storage storage(String path, SparkSession spark) throws IOException {
    Path hadoop = new Path(path);
    Path whole =
        hadoop.getFileSystem(spark.sparkContext().hadoopConfiguration()).makeQualified(hadoop);
    return Storage.at(new Location(whole.toString()));
  }
}
