package dev.lockstep.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.config.ConfigReader;
import dev.lockstep.config.RunConfig;
import dev.lockstep.data.ExampleSource;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a configuration and its data come to. */
class ResolvedRunTest {
  private static RunConfig config(String text) {
    return ConfigReader.read(
        Optional.of("data.uri = \"synthetic:digits?n=500\", batch-size = 50," + text),
        "my.conf",
        List.of());
  }

  private static ResolvedRun of(String text) throws IOException {
    RunConfig config = config(text);
    return ResolvedRun.of(config, FileData.open(config));
  }

  @Test
  void withoutAFractionAllIsTrainedOn() throws IOException {
    ResolvedRun run = of("");
    assertThat(run.validation()).isEmpty();
    assertThat(run.train().examples()).isEqualTo(500);
    assertThat(run.training().plan().examples()).isEqualTo(500);
  }

  @Test
  void aFractionIsHeldOutAndThePlanIsForTheRest() throws IOException {
    ResolvedRun run = of("validation.fraction = 0.2");
    FileData data = FileData.open(config("validation.fraction = 0.2"));
    ExampleSource validation = data.validation().orElseThrow();
    assertThat(run.validation().orElseThrow().examples()).isEqualTo(100);
    assertThat(validation.examples()).isEqualTo(100);
    assertThat(run.train().examples()).isEqualTo(400);
    assertThat(run.training().plan().examples()).isEqualTo(400);
    assertThat(run.training().plan().stepsOf(0)).isEqualTo(8);
    assertThat(run.test().orElseThrow().examples()).isEqualTo(83);
    Set<List<Byte>> images = images(data.train());
    assertThat(images).hasSize(400).doesNotContainAnyElementsOf(images(validation));
    images.addAll(images(validation));
    assertThat(images).isEqualTo(images(FileData.open(config("")).train()));
  }

  private static Set<List<Byte>> images(ExampleSource source) throws IOException {
    Set<List<Byte>> images = new HashSet<>();
    source.read(
        index -> true,
        (index, pixels, offset, label) -> {
          Byte[] image = new Byte[source.features()];
          for (int i = 0; i < image.length; i++) {
            image[i] = pixels.get(offset + i);
          }
          images.add(List.of(image));
        });
    return images;
  }
}
