package dev.lockstep.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import dev.lockstep.data.BatchPlan;
import dev.lockstep.engine.Training;
import dev.lockstep.optimizer.Adam;
import dev.lockstep.optimizer.Momentum;
import dev.lockstep.optimizer.Sgd;
import dev.lockstep.schedule.Constant;
import dev.lockstep.schedule.LinearWarmUp;
import dev.lockstep.schedule.StepDecay;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class RunConfigTest {
  private static final Path CONF = Path.of(System.getProperty("lockstep.home"), "conf");

  private static RunConfig read(String text) {
    return ConfigReader.read(Optional.of(text), "my.conf", List.of());
  }

  static Stream<Path> shipped() throws Exception {
    try (Stream<Path> files = Files.list(CONF)) {
      return files
          .filter(f -> f.toString().endsWith(".conf") && !f.endsWith("spark-defaults.conf"))
          .toList()
          .stream();
    }
  }

  @ParameterizedTest
  @MethodSource("shipped")
  void shippedConfigurationsReadBackAsRendered(Path file) throws Exception {
    RunConfig config = read(Files.readString(file));
    assertThat(read(config.render())).isEqualTo(config);
    assertThat(read(config.render()).render()).isEqualTo(config.render());
  }

  @Test
  void everyKeyReadsBackAsRendered() {
    RunConfig config =
        read(
            """
            seed = -7, epochs = 3, steps = 12, batch-size = 4096, shards = 16, ranks = 3
            engine = tree, kernel = scalar, layers = [dense 30 tanh, dense 7]
            optimizer { name = adam, learning-rate = 0.1, momentum = 0, beta1 = 0.85 }
            optimizer { beta2 = 0.98765, epsilon = 3.3e-9 }
            schedule { name = step, factor = 0.3333333333333333, every = 2, warm-up = 5 }
            init { scheme = xavier-uniform, file = "a \\"b\\" \\\\c" }
            data { uri = "hdfs://h/a b", shuffle = none, normalize = center, mirrors { mnist = [], fashion-mnist = [] } }
            validation { fraction = 0.15, every = 11 }
            checkpoint { every = 9, keep = 1 }, round { steps = 3, attempts = 1 }
            exchange { timeout = 1500ms, port = 7, host = h }
            """);
    assertThat(read(config.render())).isEqualTo(config);
    assertThat(config.render())
        .contains("exchange.timeout = 1500ms\n")
        .contains("optimizer.epsilon = 3.3E-9\n")
        .contains("schedule.factor = 0.3333333333333333\n");
  }

  @Test
  void renderedKeysAreThoseOfReference() throws Exception {
    String reference = Files.readString(CONF.resolve("reference.conf"));
    assertThat(ConfigFactory.parseString(read("").render()).entrySet())
        .extracting(entry -> entry.getKey())
        .containsExactlyInAnyOrderElementsOf(
            ConfigFactory.parseString(reference).entrySet().stream().map(e -> e.getKey()).toList());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ranks = 2",
        "engine = local",
        "kernel = scalar",
        "round.steps = 3",
        "exchange.port = 9",
        "checkpoint.every = 4",
        "data.uri = elsewhere",
        "data.mirrors.mnist = []",
        "shards = 8"
      })
  void whatHasNoEffectOnTheResultIsNotInItsEntries(String text) {
    assertThat(read("batch-size = 128," + text).resultEntries())
        .isEqualTo(read("batch-size = 128").resultEntries());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "seed = 2",
        "epochs = 77",
        "steps = 2",
        "batch-size = 129",
        "shards = 4",
        "layers = [dense 10]",
        "optimizer.learning-rate = 0.3",
        "schedule.warm-up = 2",
        "init.scheme = xavier-normal",
        "data.shuffle = none",
        "data.normalize = standardize",
        "validation.fraction = 0.1",
        "validation.every = 5"
      })
  void whatHasAnEffectOnTheResultIs(String text) {
    assertThat(read("batch-size = 128," + text).resultEntries())
        .isNotEqualTo(read("batch-size = 128").resultEntries());
  }

  @Test
  void trainingIsBuiltFromTheData() {
    RunConfig config =
        read(
            """
            batch-size = 100, epochs = 4
            schedule { name = step, factor = 0.5, every = 2, warm-up = 8 }
            optimizer { name = nesterov, learning-rate = 0.2 }
            """);
    Training training = config.toTraining(1050, 784);
    assertThat(training.network().inputs()).isEqualTo(784);
    assertThat(training.network().outputs()).isEqualTo(10);
    assertThat(training.update().optimizer()).isEqualTo(new Momentum(0.9f, true));
    assertThat(training.update().schedule())
        .isEqualTo(new LinearWarmUp(new StepDecay(0.2, 0.5, 22), 8));
    assertThat(training.plan()).isEqualTo(new BatchPlan(1050, 100, 4, 1, true));
    assertThat(config.totalSteps(training.plan())).isEqualTo(44);
    assertThat(read("steps = 5").totalSteps(training.plan())).isEqualTo(5);
  }

  @Test
  void optimizersGoByName() {
    assertThat(read("optimizer.name = sgd").toTraining(9, 2).update().optimizer())
        .isEqualTo(new Sgd());
    assertThat(read("optimizer.name = momentum").toTraining(9, 2).update().optimizer())
        .isEqualTo(new Momentum(0.9f, false));
    assertThat(read("optimizer.name = adam").toTraining(9, 2).update().optimizer())
        .isEqualTo(new Adam(0.9f, 0.999f, 1e-8f));
    assertThat(read("optimizer.learning-rate = 3").toTraining(9, 2).update().schedule())
        .isEqualTo(new Constant(3));
  }

  @Test
  void networksThatNoArrayHoldsAreRefused() {
    RunConfig config = read("layers = [dense 1000000, dense 10]");
    assertThatThrownBy(() -> config.toTraining(10, 784_000))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("more than one array can hold");
  }
}
