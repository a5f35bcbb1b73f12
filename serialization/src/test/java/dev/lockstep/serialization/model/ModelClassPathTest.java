package dev.lockstep.serialization.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.esotericsoftware.kryo.Kryo;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.ByteString;
import dev.lockstep.network.Network;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A model directory is read and asked with worker-core, serialization and Jackson alone. */
class ModelClassPathTest {
  @Test
  void needsNeitherSparkNorHadoopNorKryoNorProtobuf(@TempDir Path directory)
      throws IOException, ReflectiveOperationException {
    Model model = ModelFiles.draw(5);
    ModelFiles files = ModelFiles.of(model);
    Files.write(directory.resolve(Model.DESCRIPTION), files.description());
    Files.write(directory.resolve(Model.TENSORS), files.tensors());
    try (URLClassLoader classes = bareClassPath()) {
      for (Class<?> foreign :
          List.of(SparkConf.class, Configuration.class, Kryo.class, ByteString.class)) {
        assertThatThrownBy(() -> classes.loadClass(foreign.getName()))
            .isInstanceOf(ClassNotFoundException.class);
      }
      Class<?> type = classes.loadClass(Model.class.getName());
      assertThat(type).isNotSameAs(Model.class);
      Object read = type.getMethod("read", Path.class).invoke(null, directory);
      assertThat(type.getMethod("sha256").invoke(read)).isEqualTo(model.sha256());
      Object predictor = type.getMethod("predictor").invoke(read);
      float[] x = {0.5f, -1f, 0.25f, 0f, 2f};
      Object y = predictor.getClass().getMethod("predict", float[].class).invoke(predictor, x);
      assertThat((float[]) y).containsExactly(model.predictor().predict(x));
    }
  }

  private static URLClassLoader bareClassPath() {
    URL[] urls =
        Stream.of(
                Network.class,
                Model.class,
                ObjectMapper.class,
                JsonFactory.class,
                JsonProperty.class)
            .map(type -> type.getProtectionDomain().getCodeSource().getLocation())
            .toArray(URL[]::new);
    return new URLClassLoader(urls, ClassLoader.getPlatformClassLoader());
  }
}
