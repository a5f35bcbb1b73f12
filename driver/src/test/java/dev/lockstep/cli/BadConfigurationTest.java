package dev.lockstep.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.network.ParameterLayout;
import dev.lockstep.serialization.model.Model;
import dev.lockstep.serialization.model.ParameterTensors;
import dev.lockstep.train.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Settings that cannot be: a sentence each with the value, the bound and the remedy; exit 2. */
class BadConfigurationTest {
  @TempDir Path temporary;

  private Cli.Result refuse(int exit, String... more) {
    Path out = temporary.resolve("run");
    Cli.Result result = Cli.trainLocally(out, more);
    assertThat(result.exit()).as(result.err()).isEqualTo(exit);
    assertThat(result.out()).isEmpty();
    assertThat(result.err()).doesNotContain("\tat ");
    assertThat(result.errors()).isNotEmpty();
    assertThat(out).doesNotExist();
    return result;
  }

  @Test
  void unknownKey() {
    assertThat(refuse(ExitCode.USAGE, "--set", "optimizer.learnig-rate=0.1").errors())
        .containsExactly(
            "--set: unknown key optimizer.learnig-rate; did you mean optimizer.learning-rate?");
  }

  @Test
  void badValues() {
    assertThat(refuse(ExitCode.USAGE, "--set", "batch-size=0").errors())
        .containsExactly("--set: batch-size = 0: want a whole number from 1 to 1073741824");
    assertThat(refuse(ExitCode.USAGE, "--set", "epochs=many").errors())
        .containsExactly("--set: epochs = many: want a whole number");
    assertThat(refuse(ExitCode.USAGE, "--set", "kernel=gpu").errors())
        .containsExactly(
            "--set: kernel = gpu: want one of auto, scalar, vector128, vector256, vector512");
  }

  @Test
  void manyMistakesAreReportedTogether() throws IOException {
    Path conf = temporary.resolve("my.conf");
    Files.writeString(conf, "shards = 0\noptimiser { name = adam }\n");
    Cli.Result result =
        refuse(ExitCode.USAGE, conf.toString(), "--set", "epochs=0", "--set", "nonsense");
    assertThat(result.errors())
        .hasSizeGreaterThanOrEqualTo(4)
        .anyMatch(line -> line.contains("nonsense: want KEY=VALUE"))
        .anyMatch(line -> line.contains("my.conf: 2: unknown key optimiser; did you mean optimi"))
        .anyMatch(line -> line.contains("my.conf: 1: shards = 0"))
        .anyMatch(line -> line.contains("--set: epochs = 0"));
  }

  @Test
  void aFileThatIsNotThereOrNoConfiguration() throws IOException {
    assertThat(refuse(ExitCode.USAGE, temporary.resolve("no.conf").toString()).errors())
        .singleElement()
        .asString()
        .startsWith("there is no configuration file");
    Path broken = Files.writeString(temporary.resolve("broken.conf"), "layers = [dense 10");
    assertThat(refuse(ExitCode.USAGE, broken.toString()).errors()).hasSize(1);
  }

  @Test
  void moreRanksThanShards() {
    assertThat(refuse(ExitCode.USAGE, "--set", "ranks=5").errors())
        .containsExactly(
            "--set: ranks = 5: want at most the number of shards, 4, which is shards = auto for"
                + " batch-size = 64; use fewer ranks or more shards");
  }

  @Test
  void nothingToValidateWithOrNothingToTrainOn() {
    assertThat(refuse(ExitCode.USAGE, "--set", "validation.fraction=0.00075").errors())
        .containsExactly(
            "validation.fraction = 0.00075: of the 600 examples of synthetic:digits?n=600&seed=1, 0"
                + " would be held out and 600 be trained on; want at least 1 of each");
    assertThat(refuse(ExitCode.USAGE, "--set", "validation.fraction=0.9995").errors())
        .singleElement()
        .asString()
        .contains("600 would be held out and 0 be trained on");
  }

  @Test
  void initFileThatIsMissing() {
    String file = temporary.resolve("no.safetensors").toString();
    assertThat(refuse(ExitCode.USAGE, "--set", "init.file=" + file).errors())
        .containsExactly("init.file = %s: there is no such file".formatted(file));
  }

  @Test
  void initFileThatIsNoSafetensors() throws IOException {
    Path file = Files.writeString(temporary.resolve("init"), "not at all a file of tensors");
    assertThat(refuse(ExitCode.DATA, "--set", "init.file=" + file).errors())
        .singleElement()
        .asString()
        .contains(file.toString());
  }

  @Test
  void initFileOfAnotherNetwork() throws IOException {
    Path other = temporary.resolve("other");
    assertThat(Cli.trainLocally(other, "--set", "layers=[dense 8 relu, dense 10]").exit()).isZero();
    Path file = other.resolve("model/model.safetensors");
    ParameterLayout layout = Model.read(other.resolve("model")).network().layout();
    String name = ParameterTensors.of(layout, new float[layout.length()], "").get(0).name();
    assertThat(refuse(ExitCode.DATA, "--set", "init.file=" + file).errors())
        .singleElement()
        .asString()
        .contains(file.toString(), name, "[8, 784]", "[16, 784]");
  }

  @Test
  void initFileOfTheSameNetworkIsTaken() {
    Path first = temporary.resolve("first");
    Path second = temporary.resolve("second");
    assertThat(Cli.trainLocally(first).exit()).isZero();
    Path file = first.resolve("model/model.safetensors");
    Cli.Result result = Cli.trainLocally(second, "--set", "init.file=" + file);
    assertThat(result.exit()).as(result.err()).isZero();
  }

  @Test
  void aNetworkLargerThanTheHeap() throws IOException, InterruptedException {
    Path run = temporary.resolve("run");
    String[] args =
        Cli.trainArgs(run, "--set", "engine=local", "--set", "layers=[dense 400000, dense 10]");
    Process process = Cli.start(temporary, args);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    Cli.Result result = Cli.result(process, temporary);
    assertThat(result.exit()).isEqualTo(ExitCode.CLUSTER);
    assertThat(result.errors())
        .singleElement()
        .asString()
        .startsWith("the driver's heap of 512 MB is too small; give it more");
    assertThat(run).doesNotExist();
  }
}
