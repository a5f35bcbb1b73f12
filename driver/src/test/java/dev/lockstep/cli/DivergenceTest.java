package dev.lockstep.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lockstep.network.ParameterLayout;
import dev.lockstep.serialization.checkpoint.Manifest;
import dev.lockstep.serialization.model.Model;
import dev.lockstep.serialization.model.ParameterTensors;
import dev.lockstep.serialization.tensor.SafetensorsFile;
import dev.lockstep.serialization.tensor.SafetensorsReader;
import dev.lockstep.serialization.tensor.SafetensorsWriter;
import dev.lockstep.serialization.tensor.Tensor;
import dev.lockstep.train.ExitCode;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Training that leaves the finite numbers: exit 4, and the last good state is kept and named. */
class DivergenceTest {
  private static final String[] STEEP = {
    "--master", "local[2]",
    "--set", "optimizer.name=sgd",
    "--set", "optimizer.learning-rate=1e6",
    "--set", "layers=[dense 64 relu, dense 32 relu, dense 16 relu, dense 10]",
  };

  @TempDir Path temporary;

  @ParameterizedTest
  @ValueSource(strings = {"local", "tree", "allreduce"})
  void everyEngineSaysTheSame(String engine) throws IOException {
    Path run = temporary.resolve("run");
    List<String> args = new ArrayList<>(List.of(STEEP));
    args.addAll(List.of("--set", "engine=" + engine));
    Cli.Result result = Cli.train(run, args.toArray(String[]::new));
    assertDiverged(run, result);
    assertThat(result.errors())
        .containsExactly(
            "training diverged at step 2 of epoch 1: the loss is 3.8882169688360695E20, above 1.0E10;"
                + " the outputs of layer 7 (dense 16x10) are finite, but the largest loss is"
                + " 7.267667713857977E20, in shard 0, for examples 9, 71, 138, 143, 163, 185, 191, 210"
                + " of synthetic:digits?n=600&seed=1 and 7 more"
                + "; try a lower learning rate than 1000000.0");
    // An unfinished run goes on: to the same end.
    Cli.Result again = Cli.train(run, args.toArray(String[]::new));
    assertDiverged(run, again);
    assertThat(again.errors()).isEqualTo(result.errors());
    assertThat(again.err()).contains("goes on from step 1");
  }

  @Test
  void aLossBeyondMeasureIsDivergenceThoughItIsFinite() throws IOException {
    Path run = temporary.resolve("run");
    Cli.Result result =
        Cli.trainLocally(
            run,
            "--set",
            "optimizer.name=sgd",
            "--set",
            "optimizer.learning-rate=1e6",
            "--set",
            "layers=[dense 128 relu, dense 10]");
    assertDiverged(run, result);
    assertThat(result.errors())
        .singleElement()
        .asString()
        .matches("training diverged at step \\d of epoch 1: the loss is .*E\\d+, above 1.0E10; .*");
  }

  @Test
  void anOverflowOfAdamsSquaresIsFoundBeforeItReachesALoss() throws IOException {
    Path run = temporary.resolve("run");
    Cli.Result result =
        Cli.trainLocally(
            run, "--set", "optimizer.name=adam", "--set", "init.file=" + hugeOutputLayer());
    assertDiverged(run, result);
    // The loss is finite still, but the squares of a gradient of 1e22 are no floats.
    assertThat(result.errors())
        .singleElement()
        .asString()
        .startsWith("training diverged at step 1 of epoch 1: ")
        .containsAnyOf("the norm of the gradient is Infinity", "a slot of the optimiser");
  }

  /** The tensors of {@link Cli#TINY}'s network, with 1e22 times the weights in the last layer. */
  private Path hugeOutputLayer() throws IOException {
    Path small = temporary.resolve("small");
    assertThat(Cli.trainLocally(small).exit()).isZero();
    Model model = Model.read(small.resolve("model"));
    ParameterLayout layout = model.network().layout();
    List<Tensor> tensors = new ArrayList<>(ParameterTensors.of(layout, model.parameters(), ""));
    for (int t = 2; t < tensors.size(); t++) {
      Tensor tensor = tensors.get(t);
      float[] values = tensor.values().clone();
      for (int i = 0; i < values.length; i++) {
        values[i] *= 1e22f;
      }
      tensors.set(t, new Tensor(tensor.name(), tensor.shape(), values));
    }
    Path file = temporary.resolve("huge.safetensors");
    try (OutputStream out = Files.newOutputStream(file)) {
      SafetensorsWriter.write(out, Map.of(), tensors);
    }
    return file;
  }

  private static void assertDiverged(Path run, Cli.Result result) throws IOException {
    assertThat(result.exit()).as(result.err()).isEqualTo(ExitCode.DIVERGED);
    assertThat(result.out()).isEmpty();
    assertThat(result.err()).doesNotContain("\tat ");
    JsonNode summary = Cli.summary(run);
    assertThat(summary.path("exit").asInt()).isEqualTo(ExitCode.DIVERGED);
    assertThat(summary.has("model_sha256")).isFalse();
    assertThat(run.resolve("model")).doesNotExist();
    Path kept = run.resolve(summary.path("kept").asText());
    assertThat(result.err()).contains("is kept in " + kept);
    Manifest manifest = Manifest.read(Files.readAllBytes(kept), kept.toString());
    Path tensors = kept.resolveSibling(manifest.state().name());
    try (InputStream in = Files.newInputStream(tensors)) {
      SafetensorsFile file = SafetensorsReader.read(in, Files.size(tensors), tensors.toString());
      assertThat(file.metadata()).containsEntry("step", summary.path("steps").asText());
      assertThat(file.tensors())
          .allSatisfy(
              tensor -> {
                for (float value : tensor.values()) {
                  assertThat(Float.isFinite(value)).isTrue();
                }
              });
    }
  }
}
