package dev.lockstep.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.lockstep.data.BatchPlan;
import dev.lockstep.engine.Training;
import dev.lockstep.init.InitSchemes;
import dev.lockstep.loss.Losses;
import dev.lockstep.optimizer.Adam;
import dev.lockstep.optimizer.Momentum;
import dev.lockstep.optimizer.Optimizers;
import dev.lockstep.optimizer.Sgd;
import dev.lockstep.schedule.Constant;
import dev.lockstep.schedule.Cosine;
import dev.lockstep.schedule.ExponentialWarmUp;
import dev.lockstep.schedule.LinearWarmUp;
import dev.lockstep.schedule.Schedules;
import dev.lockstep.schedule.StepDecay;
import dev.lockstep.setting.Kind;
import dev.lockstep.setting.Setting;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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
            optimizer { name = adam, learning-rate = 0.1, beta1 = 0.85 }
            optimizer { beta2 = 0.98765, epsilon = 3.3e-9 }
            schedule { name = step, factor = 0.3333333333333333, every = 20 steps, warm-up = 5 }
            schedule.warm-up-shape = exponential
            init { scheme = xavier-uniform, file = "a \\"b\\" \\\\c" }
            data { uri = "hdfs://h/a b", shuffle = none, normalize = center, memory-limit = 1536k, mirrors { mnist = [], fashion-mnist = [] } }
            validation { fraction = 0.15, every = 11 }
            checkpoint { every = 9, keep = 1 }, round { steps = 3, attempts = 1, slots-timeout = 5s }
            exchange { timeout = 1500ms, port = 7, host = h, bind = b }
            """);
    assertThat(read(config.render())).isEqualTo(config);
    assertThat(config.render())
        .contains("exchange.timeout = 1500ms\n")
        .contains("data.memory-limit = 1536k\n")
        .contains("optimizer.epsilon = 3.3E-9\n")
        .contains("schedule.factor = 0.3333333333333333\n")
        .contains("schedule.every = \"20 steps\"\n");
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "1000, 1000", "1024, 1k", "2048 m, 2g", "3G, 3g", "5t, 5t", "none, none"})
  void bytesAreWrittenInTheLargestUnit(String given, String rendered) {
    RunConfig config = read("data.memory-limit = \"%s\"".formatted(given));
    assertThat(config.render()).contains("data.memory-limit = %s\n".formatted(rendered));
    assertThat(read(config.render())).isEqualTo(config);
  }

  /** Every kind with what it must be given, and something else than its defaults. */
  static Stream<String> choices() {
    return Stream.of(
        "optimizer { name = rmsprop, centered = true, momentum = 0.5, decay = 0.75, epsilon = 1e-3 }",
        "loss { name = hinge, margin = 2, class-weights = [1, 0.5] }",
        "loss.label-smoothing = 0.1",
        "optimizer { name = adadelta, rho = 0.95 }",
        "optimizer { name = amsgrad, beta2 = 0.99 }",
        "schedule { name = multi-step, milestones = [1, 30 steps], factor = 0.5 }",
        "schedule { name = polynomial, end = 1e-3, power = 2, length = 7 }",
        "schedule { name = cosine-restarts, period = 30 steps, growth = 2 }",
        "schedule { name = one-cycle, start-divisor = 10, end-divisor = 7, rising = 0.25 }",
        "schedule { name = sequence, phases = [constant for 5 epochs, \"cosine end=0.001\"] }",
        "schedule { name = sequence, phases = [\"multi-step milestones=[1, 2] for 1 epoch\"] }",
        "init { scheme = constant, value = -0.25 }",
        "init { scheme = truncated-normal, std = 0.1 }",
        "init { scheme = orthogonal, gain = 1.5 }");
  }

  @ParameterizedTest
  @MethodSource("choices")
  void choicesReadBackAsRendered(String text) {
    RunConfig config = read(text);
    assertThat(read(config.render())).isEqualTo(config).isNotEqualTo(read(""));
    assertThat(read(config.render()).render()).isEqualTo(config.render());
    assertThat(config.resultEntries()).isNotEqualTo(read("").resultEntries());
  }

  /** What the chosen kinds have no use for is not rendered. */
  @Test
  void renderedKeysAreThoseOfReferenceAndTheChosenKinds() throws Exception {
    Config reference = ConfigFactory.parseString(Files.readString(CONF.resolve("reference.conf")));
    Set<String> expected = new TreeSet<>();
    reference.entrySet().forEach(entry -> expected.add(entry.getKey()));
    expected.removeAll(settings(kindsBySection().entrySet()));
    expected.addAll(
        Set.of("optimizer.momentum", "init.gain", "loss.label-smoothing", "loss.class-weights"));
    assertThat(ConfigFactory.parseString(read("").render()).entrySet())
        .extracting(entry -> entry.getKey())
        .containsExactlyInAnyOrderElementsOf(expected);
  }

  private static Map<String, List<? extends Kind>> kindsBySection() {
    return Map.of(
        "loss", Losses.KINDS.all(),
        "optimizer", Optimizers.KINDS.all(),
        "schedule", Schedules.KINDS.all(),
        "init", InitSchemes.KINDS.all());
  }

  private static Set<String> settings(Set<Map.Entry<String, List<? extends Kind>>> sections) {
    Set<String> keys = new TreeSet<>();
    sections.forEach(
        section ->
            section
                .getValue()
                .forEach(
                    kind ->
                        kind.settings().forEach(s -> keys.add(section.getKey() + "." + s.name()))));
    return keys;
  }

  /** The comment above a key of kinds names all that have it, and their defaults. */
  @Test
  void referenceTellsWhatKindsTake() throws Exception {
    Config reference = ConfigFactory.parseString(Files.readString(CONF.resolve("reference.conf")));
    Set<String> auto = new TreeSet<>();
    for (String section : kindsBySection().keySet()) {
      reference.getConfig(section).entrySet().stream()
          .filter(entry -> entry.getValue().unwrapped().equals("auto"))
          .forEach(entry -> auto.add(section + "." + entry.getKey()));
    }
    assertThat(auto).isEqualTo(settings(kindsBySection().entrySet()));
    for (String key : auto) {
      String section = key.substring(0, key.indexOf('.'));
      String setting = key.substring(key.indexOf('.') + 1);
      String comment = comment(reference, key).replaceAll("^.*?: |;.*$", "");
      List<String> words = List.of(comment.split("[ ,.]+"));
      for (Kind kind : kindsBySection().get(section)) {
        boolean isNamed =
            words.contains(kind.name()) || words.contains(kind.name().replaceAll("-.*", "-*"));
        Optional<? extends Setting<?>> taken =
            kind.settings().stream().filter(s -> s.name().equals(setting)).findFirst();
        assertThat(isNamed).as("%s names %s", key, kind.name()).isEqualTo(taken.isPresent());
        taken
            .flatMap(Setting::byDefault)
            .ifPresent(value -> assertThat(comment).as(key).contains(number(value)));
      }
    }
  }

  @Test
  void referenceNamesAllKinds() throws Exception {
    Config reference = ConfigFactory.parseString(Files.readString(CONF.resolve("reference.conf")));
    kindsBySection()
        .forEach(
            (section, kinds) -> {
              String comment =
                  comment(reference, section + (section.equals("init") ? ".scheme" : ".name"));
              assertThat(List.of(comment.split("[ ,.]+")))
                  .containsAll(kinds.stream().map(Kind::name).toList());
            });
  }

  private static String comment(Config reference, String key) {
    return String.join(" ", reference.getValue(key).origin().comments());
  }

  /** A default as a person writes it. */
  private static String number(Object value) {
    if (value instanceof Double number && number != 0) {
      return number < 1e-3
          ? number.toString().replace(".0E", "e")
          : number.toString().replaceAll("\\.0$", "");
    }
    return value.toString().replaceAll("( epochs?|\\.0)$", "");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ranks = 2",
        "engine = local",
        "kernel = scalar",
        "round.steps = 3",
        "round.slots-timeout = 9s",
        "exchange.port = 9",
        "exchange.bind = b",
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
        "schedule.warm-up-shape = exponential",
        "optimizer.momentum = 0.8",
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
    assertThat(read("optimizer.name = adamw").optimizer().weightDecay()).isEqualTo(0.01);
    assertThat(read("optimizer.name = adam").optimizer().weightDecay()).isZero();
    assertThat(read("optimizer.learning-rate = 3").toTraining(9, 2).update().schedule())
        .isEqualTo(new Constant(3));
  }

  @Test
  void schedulesKnowTheRun() {
    String cosine = "batch-size = 100, schedule.name = cosine, optimizer.learning-rate = 1, ";
    assertThat(read(cosine + "epochs = 4").toTraining(1050, 7).update().schedule())
        .isEqualTo(new Cosine(1, 0, 44));
    assertThat(read(cosine + "steps = 9").toTraining(1050, 7).update().schedule())
        .isEqualTo(new Cosine(1, 0, 9));
    assertThat(
            read(cosine + "epochs = 2, schedule { warm-up = 3, warm-up-shape = exponential }")
                .toTraining(1050, 7)
                .update()
                .schedule())
        .isEqualTo(new ExponentialWarmUp(new Cosine(1, 0, 22), 3));
  }

  @Test
  void networksThatNoArrayHoldsAreRefused() {
    RunConfig config = read("layers = [dense 1000000, dense 10]");
    assertThatThrownBy(() -> config.toTraining(10, 784_000))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("more than one array can hold");
  }
}
