package dev.lockstep.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.lockstep.init.InitScheme;
import dev.lockstep.layer.Layers;
import dev.lockstep.network.NetworkParser;
import dev.lockstep.optimizer.Adam;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ConfigReaderTest {
  private static RunConfig read(String text, String... overrides) {
    return ConfigReader.read(Optional.of(text), "my.conf", List.of(overrides));
  }

  private static String mistakes(String text, String... overrides) {
    return catchThrowableOfType(ConfigException.class, () -> read(text, overrides)).getMessage();
  }

  @Test
  void defaultsAreThoseOfReference() {
    RunConfig config = ConfigReader.read(Optional.empty(), "", List.of());
    assertThat(config.seed()).isEqualTo(1);
    assertThat(config.steps()).isEmpty();
    assertThat(config.shards()).isEmpty();
    assertThat(config.ranks()).isEmpty();
    assertThat(config.engine()).isEqualTo(EngineName.AUTO);
    assertThat(config.layers()).containsExactly("dense 128 relu", "dense 10");
    assertThat(config.loss().name()).isEqualTo("softmax-cross-entropy");
    assertThat(config.optimizer().rule().name()).isEqualTo("momentum");
    assertThat(config.optimizer().rule().settings().values()).isEqualTo(Map.of("momentum", 0.9));
    assertThat(config.schedule().shape().name()).isEqualTo("constant");
    assertThat(config.init().scheme()).isEqualTo(InitScheme.heNormal());
    assertThat(config.data().uri()).isEqualTo("synthetic:digits?n=60000&seed=1");
    assertThat(config.data().mirrors().get("mnist")).hasSize(2);
    assertThat(config.validation()).isEqualTo(new ValidationConfig(0, OptionalInt.empty(), "loss"));
    assertThat(config.checkpoint()).isEqualTo(new CheckpointConfig(OptionalInt.empty(), 2));
    assertThat(config.exchange()).isEqualTo(new ExchangeConfig(Duration.ofMinutes(1), 0, "", ""));
  }

  @Test
  void overridesGoBeforeTextAndTheLastOneWins() {
    RunConfig config =
        read(
            "epochs = 7, optimizer { name = adam, learning-rate = 1e-3 }",
            "optimizer.learning-rate=0.05",
            "layers=[dense 64 tanh, dense 10]",
            "steps=10",
            "steps = 20",
            "optimizer={beta1: 0.8}");
    assertThat(config.epochs()).isEqualTo(7);
    assertThat(config.steps()).hasValue(20);
    assertThat(config.layers()).containsExactly("dense 64 tanh", "dense 10");
    assertThat(config.optimizer().learningRate()).isEqualTo(0.05);
    assertThat(config.optimizer().optimizer()).isEqualTo(new Adam(0.8f, 0.999f, 1e-8f));
  }

  @Test
  void overridesNeedNoQuotes() {
    assertThat(read("", "data.uri=synthetic:digits?n=100&seed=2").data().uri())
        .isEqualTo("synthetic:digits?n=100&seed=2");
    assertThat(read("", "data.uri=\"/a dir/b=c\"").data().uri()).isEqualTo("/a dir/b=c");
    assertThat(read("", "init.file=").init().file()).isEmpty();
  }

  @Test
  void substitutionsAreResolved() {
    assertThat(read("batch-size = 512, shards = 4, ranks = ${shards}").ranks()).hasValue(4);
    assertThat(mistakes("epochs = ${nowhere}")).contains("my.conf: 1").contains("nowhere");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "optimizer.learnng-rate = 1 | optimizer.learnng-rate; did you mean optimizer.learning-rate?",
        "learning-rate = 1 | learning-rate; did you mean optimizer.learning-rate?",
        "batch_size = 1 | batch_size; did you mean batch-size?",
        "optimiser { name = sgd } | optimiser; did you mean optimizer?",
        "epoch = 3 | epoch; did you mean epochs?",
        "optimizer.bata1 = 3 | optimizer.bata1; did you mean optimizer.beta1?",
        "optimizer.schedule.a = 3 | optimizer.schedule; conf/reference.conf has all keys",
        "schedule.milestone = 3 | schedule.milestone; did you mean schedule.milestones?",
        "dropout-probability = 3 | dropout-probability; conf/reference.conf has all keys",
      })
  void unknownKeysNameTheNearest(String text, String want) {
    assertThat(mistakes(text)).isEqualTo("my.conf: 1: unknown key " + want);
    assertThat(mistakes("", text.contains("{") ? "optimiser={name=sgd}" : text))
        .isEqualTo("--set: unknown key " + want);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "seed = a | seed = a: want a whole number from -9223372036854775808 to 9223372036854775807",
        "seed = 9223372036854775808 | seed = 9223372036854775808: want a whole number from "
            + "-9223372036854775808 to 9223372036854775807",
        "epochs = 0 | epochs = 0: want a whole number from 1 to 1000000",
        "epochs = 2.5 | epochs = 2.5: want a whole number",
        "epochs = null | epochs = null: want a whole number",
        "epochs = [1] | epochs = [1]: want a whole number",
        "epochs = 99999999999999999999 | epochs = 99999999999999999999: want a whole number from 1 "
            + "to 1000000",
        "steps = soon | steps = soon: want auto or a whole number",
        "steps = 0 | steps = 0: want a whole number from 1 to 1000000000",
        "batch-size = -3 | batch-size = -3: want a whole number from 1 to 1073741824",
        "shards = 65537 | shards = 65537: want a whole number from 1 to 65536",
        "ranks = 0 | ranks = 0: want a whole number from 1 to 65536",
        "engine = spark | engine = spark: want one of auto, local, tree, allreduce",
        "kernel = gpu | kernel = gpu: want one of auto, scalar, vector128, vector256, vector512",
        "layers = dense 10 | layers = dense 10: want a list of layers, such as [dense 256 relu, dense 10]",
        "layers = [[dense 10]] | layers[0] = [\"dense 10\"]: want a text, such as \"dense 10\", or a section, such as { type = dense, units = 10 }",
        "layers = [] | layers = []: a network needs at least 1 layer, such as \"dense 10\"",
        "loss.name = hyperbole | loss.name = hyperbole: want one of hinge, huber,"
            + " mean-squared-error, sigmoid-cross-entropy, softmax-cross-entropy",
        "optimizer = adam | optimizer = adam: want a section, such as optimizer { name = ... }",
        "optimizer.name = lion | optimizer.name = lion: want one of sgd, momentum, nesterov, "
            + "adagrad, rmsprop, adadelta, adam, amsgrad, adamw, nadam, lars, lamb",
        "optimizer.learning-rate = 0 | optimizer.learning-rate = 0: want a number above 0, from "
            + "1e-30 to 1e30",
        "optimizer.learning-rate = NaN | optimizer.learning-rate = NaN: want a number",
        "optimizer.learning-rate = 1e999 | optimizer.learning-rate = Infinity: want a number",
        "optimizer.momentum = 1 | optimizer.momentum = 1: want a number from 0, below 1",
        "optimizer.momentum = {a = 1} | optimizer.momentum = {\"a\":1}: want a number from 0, below "
            + "1",
        "optimizer.momentum = [0.9] | optimizer.momentum = [0.9]: want a number from 0, below 1",
        "optimizer.momentum = null | optimizer.momentum = null: want a number from 0, below 1",
        "optimizer.momentum = 0.99999999999 | optimizer.momentum = 0.99999999999: want a number from "
            + "0, below 1",
        "optimizer.beta1 = 0.9 | optimizer.beta1 = 0.9: momentum has no beta1; it takes momentum",
        "optimizer { name = sgd, momentum = 0.9 } | optimizer.momentum = 0.9: sgd has no momentum; it "
            + "takes nothing",
        "optimizer { name = adam, epsilon = 0 } | optimizer.epsilon = 0: want a number above 0, at "
            + "most 1",
        "optimizer { name = rmsprop, centered = yes } | optimizer.centered = yes: want true or false",
        "schedule.name = wave | schedule.name = wave: want one of constant, step, multi-step, "
            + "exponential, inverse-time, polynomial, cosine, cosine-restarts, one-cycle, sequence",
        "schedule { name = step, factor = 2 } | schedule.factor = 2: want a number above 0, at most 1",
        "schedule { name = step, every = 0.5 } | schedule.every = 0.5: want epochs, steps or examples,"
            + " from 1 to 1000000000, such as 3, 3 epochs, 200 steps or 50000 examples",
        "schedule.every = 3 | schedule.every = 3: constant has no every; it takes nothing",
        "schedule.name = multi-step | schedule.name = multi-step: schedule.milestones is missing: "
            + "want a list of epochs, steps or examples, such as [3, 5] or [200 steps]",
        "schedule { name = sequence, phases = [cosine, constant] } | schedule.phases = "
            + "[\"cosine\",\"constant\"]: phase 1: want \"for\" and a length; only the last needs none",
        "schedule.warm-up-shape = round | schedule.warm-up-shape = round: want one of linear, "
            + "exponential",
        "schedule.warm-up = -1 | schedule.warm-up = -1: want 0, or steps, epochs or examples, from 1 to"
            + " 1000000000, such as 200, 5 epochs or 50000 examples",
        "scaling.rule = cubic | scaling.rule = cubic: want one of none, linear, sqrt",
        "scaling.base-batch-size = 0 | scaling.base-batch-size = 0: want a whole number from 1 to"
            + " 1073741824",
        "growth.factor = 2 | growth.factor = 2: want growth.milestones too, such as [3, 6]",
        "growth.milestones = [3, 2] | growth.milestones = [3,2]: want them ascending",
        "growth.milestones = [half] | growth.milestones = [\"half\"]: want a list of numbers of"
            + " epochs, such as [3, 6]",
        "noise-scale.every = 0 | noise-scale.every = 0: want a whole number from 1 to 1000000000",
        "noise-scale.decay = 1 | noise-scale.decay = 1: want a number from 0 to below 1",
        "init.scheme = ones | init.scheme = ones: want one of zeros, constant, uniform, normal, "
            + "truncated-normal, xavier-uniform, xavier-normal, he-uniform, he-normal, "
            + "lecun-uniform, lecun-normal, orthogonal",
        "init.std = 1 | init.std = 1: he-normal has no std; it takes gain",
        "init { scheme = constant, value = 1e39 } | init.value = 1.0E39: want a number that a float "
            + "can hold",
        "data.uri = \" \" | data.uri = \" \": want a directory, a table such as train.parquet, or synthetic:digits?n=60000&seed=1",
        "data.shuffle = true | data.shuffle = true: want one of seeded, none",
        "data.normalize = zca | data.normalize = zca: want one of unit, center, standardize",
        "data.mirrors.mnist = [\"ftp://a/\"] | data.mirrors.mnist = [\"ftp://a/\"]: want http: or "
            + "https: URLs that end in /",
        "validation.fraction = 1 | validation.fraction = 1: want a number from 0 to below 1",
        "validation.fraction = -0.1 | validation.fraction = -0.1: want a number from 0 to below 1",
        "validation.fraction = NaN | validation.fraction = NaN: want a number",
        "validation.every = 0 | validation.every = 0: want a whole number from 1 to 1000000000",
        "validation.every = day | validation.every = day: want epoch or a whole number",
        "data.memory-limit = 5x | data.memory-limit = 5x: want none or a number of bytes with one of "
            + "the units k, m, g, t",
        "data.memory-limit = 9000000t | data.memory-limit = 9000000t: want none or a number of bytes "
            + "with one of the units k, m, g, t",
        "checkpoint.every = day | checkpoint.every = day: want epoch or a whole number",
        "checkpoint.keep = 0 | checkpoint.keep = 0: want a whole number from 1 to 1000000",
        "round.steps = 0 | round.steps = 0: want a whole number from 1 to 1000000000",
        "round.attempts = 1001 | round.attempts = 1001: want a whole number from 1 to 1000",
        "round.slots-timeout = 0s | round.slots-timeout = 0s: want a duration from 1s to 24h",
        "exchange.timeout = 60 | exchange.timeout = 60: want a number with one of the units ms, s, "
            + "m, h",
        "exchange.timeout = 25h | exchange.timeout = 25h: want a duration from 100ms to 24h",
        "exchange.port = 70000 | exchange.port = 70000: want a whole number from 0 to 65535",
      })
  void wrongValuesSayWhatIsWanted(String text, String want) {
    assertThat(mistakes("\n" + text)).isEqualTo("my.conf: 2: " + want);
  }

  @Test
  void wrongLayersAreAllNamed() {
    assertThat(mistakes("layers = [dens 3, dense 10 glue]").lines())
        .hasSize(2)
        .allSatisfy(line -> assertThat(line).startsWith("my.conf: 1: layers["));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{ type = dense, units = 256, activation = relu } | dense units=256 relu",
        "{ activation = tanh, units = 1e2, type = \"dense\" } | dense units=100 tanh",
        "{ type = dense, units = 3, activation = { type = relu } } | dense units=3 relu",
        "{ type = relu } | relu",
        "dense 7 tanh | dense 7 tanh",
      })
  void theLongFormOfALayerBecomesTheShortOne(String entry, String text) {
    RunConfig config = read("layers = [dense 9 relu, %s, dense 10]".formatted(entry));
    assertThat(config.layers()).containsExactly("dense 9 relu", text, "dense 10");
    assertThat(read("", "layers=[dense 9 relu, %s, dense 10]".formatted(entry))).isEqualTo(config);
    assertThat(read(config.render())).isEqualTo(config);
  }

  @Test
  void theLongFormMeansTheSameNetwork() {
    RunConfig config =
        read(
            """
            layers = [
              { type = dense, units = 256, activation = relu }
              { type = tanh }
              { type = dense, units = 10 }
            ]
            """);
    assertThat(config.toTraining(100, 784).network().layers())
        .isEqualTo(NetworkParser.parse(784, List.of("dense 256 relu tanh", "dense 10")).layers());
  }

  @Test
  void whatIsWrongWithLayersOfEitherFormIsNamedTogether() {
    String text =
        """
        layers = [
          { units = 256 }
          dense 3 rleu
          { type = dense, units = 3, activation = tahn }
          { type = dense, unit = 4 }
          { type = "dense 256", units = 4, activation = { slope = 1 } }
          [dense 10]
          { type = dense, units { a = 1 } }
          { type = dense, units = "4 4" }
          { type = [relu], activation = [] }
          { type = dense, units = 4, activation = relu }
          { type = "", units = "" }
          { type = conv, width = 3 }
        ]
        """;
    String known = String.join(", ", Layers.KINDS.names());
    String word = ": want a word, a number or a list of them";
    String either =
        ": want a text, such as \"dense 10\", or a section, such as { type = dense, units = 10 }";
    String noType = ": type is missing: want a kind of layer, such as { type = dense, units = 10 }";
    String neither =
        " is neither a kind of layer nor anything that dense takes; want \"dense UNITS\"";
    assertThat(mistakes(text).lines().map(line -> line.replace("my.conf: 1: layers", "")))
        .containsExactlyInAnyOrder(
            "[0] = {\"units\":256}" + noType,
            "[1] = \"dense 3 rleu\": \"rleu\"" + neither,
            "[2] = \"dense units=3 tahn\": \"tahn\"" + neither,
            "[3] = \"dense unit=4\": units is missing: want a whole number from 1 to 1048576; unit ="
                + " 4: dense has no unit; it takes units (want \"dense UNITS\")",
            "[4].activation = {\"slope\":1}" + noType,
            "[4].type = dense 256: want the name of a kind of layer",
            "[5] = [\"dense 10\"]" + either,
            "[6].units = {\"a\":1}" + word,
            "[7].units = 4 4" + word,
            "[8].activation = []" + either,
            "[8].type = [\"relu\"]: want the name of a kind of layer",
            "[10].type = \"\": want the name of a kind of layer",
            "[10].units = \"\"" + word,
            "[11] = \"conv width=3\": want a kind of layer first, one of " + known);
  }

  /** A kind that is not known says nothing about the settings that some kind has. */
  @Test
  void settingsOfAnUnknownKindAreNotMistakes() {
    assertThat(mistakes("optimizer { name = lion, beta1 = 7, momentum = [], bata1 = 1 }").lines())
        .hasSize(2)
        .anySatisfy(line -> assertThat(line).startsWith("my.conf: 1: optimizer.name = lion"))
        .anySatisfy(line -> assertThat(line).startsWith("my.conf: 1: unknown key optimizer.bata1"));
  }

  @Test
  void autoIsTheDefaultOfTheKindWhicheverItIs() {
    RunConfig config = read("optimizer { name = sgd, momentum = auto }, init.gain = auto");
    assertThat(config).isEqualTo(read("optimizer.name = sgd"));
  }

  @Test
  void listsOfSettingsAreReadFromTextsAndOverrides() {
    String text =
        "schedule { name = sequence, phases = [constant for 2 epochs, \"cosine at 0.1 for 7 steps\"] }";
    String override = "schedule.phases=[constant for 2 epochs, \"cosine at 0.1 for 7 steps\"]";
    assertThat(read("schedule.name = sequence", override)).isEqualTo(read(text));
    assertThat(read("schedule { name = multi-step, milestones = [3, 70 steps] }"))
        .isEqualTo(read("schedule.name = multi-step", "schedule.milestones=[3 epochs, 70 steps]"));
    assertThat(
            read(
                "", "schedule.name=sequence", "schedule.phases=[\"multi-step milestones=[1, 2]\"]"))
        .isEqualTo(
            read("schedule { name = sequence, phases = [\"multi-step milestones=[1, 2]\"] }"));
  }

  @Test
  void ranksAreAtMostShards() {
    assertThat(mistakes("shards = 2, ranks = 3"))
        .isEqualTo(
            "my.conf: 1: ranks = 3: want at most the number of shards, 2; use fewer ranks or more"
                + " shards");
    assertThat(mistakes("batch-size = 64, ranks = 5")).contains("4, which is shards = auto");
    assertThat(read("batch-size = 64, ranks = 4").ranks()).hasValue(4);
  }

  @Test
  void allMistakesAreReportedTogether() {
    String text =
        """
        epochz = 1
        batch-size = 0
        layers = [dense]
        optimizer { name = lion, learning-rate = -1 }
        exchange.port = x
        """;
    assertThat(mistakes(text, "kernel=gpu", "nonsense", "round.attempts=0").lines())
        .satisfiesExactlyInAnyOrder(
            line -> assertThat(line).startsWith("--set nonsense: want KEY=VALUE"),
            line -> assertThat(line).startsWith("my.conf: 1: unknown key epochz"),
            line -> assertThat(line).startsWith("my.conf: 2: batch-size = 0"),
            line -> assertThat(line).startsWith("my.conf: 3: layers[0]"),
            line -> assertThat(line).startsWith("my.conf: 4: optimizer.name = lion"),
            line -> assertThat(line).startsWith("my.conf: 4: optimizer.learning-rate = -1"),
            line -> assertThat(line).startsWith("my.conf: 5: exchange.port = x"),
            line -> assertThat(line).startsWith("--set: kernel = gpu"),
            line -> assertThat(line).startsWith("--set: round.attempts = 0"));
  }

  @Test
  void syntaxErrorsNameTheLineAndOverridesAreStillChecked() {
    assertThat(mistakes("epochs = 3\nlayers = [dense 10\nseed = {", "epochs=0").lines())
        .hasSize(2)
        .anySatisfy(line -> assertThat(line).startsWith("my.conf: 3: "))
        .anySatisfy(line -> assertThat(line).startsWith("--set: epochs = 0"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"=3", "epochs", "", "a..b=1", "layers=[dense 10", "data.uri=\"a"})
  void malformedOverridesAreQuoted(String override) {
    assertThat(mistakes("", override)).startsWith("--set " + override + ": ").hasLineCount(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "include \"a.conf\"",
        "include file(\"a.conf\")",
        "include classpath(\"a.conf\")",
        "include url(\"http://localhost/a.conf\")"
      })
  void includesAreRefused(String text) {
    assertThatThrownBy(() -> read(text)).hasMessageContaining("is not supported");
  }

  @Test
  void wholeNumbersMayBeWrittenWithExponents() {
    assertThat(read("steps = 1e3, epochs = 2.0").steps()).hasValue(1000);
  }

  @ParameterizedTest
  @ValueSource(strings = {"x = %s", "layers = [%s", "%s", "batch-size { %s"})
  void depthIsAMistake(String text) {
    for (String deeper : new String[] {"[", "{a:", "a.", "(", "${"}) {
      String deep = text.formatted(deeper.repeat(60_000));
      assertThatThrownBy(() -> read(deep)).isInstanceOf(ConfigException.class);
    }
  }

  @Test
  void substitutionsCannotBlowUp() {
    StringBuilder text = new StringBuilder("a0 = aaaaaaaaaaaaaaaa\n");
    for (int i = 1; i <= 30; i++) {
      text.append("a%d = ${a%d}${a%d}\n".formatted(i, i - 1, i - 1));
    }
    assertThatThrownBy(() -> read(text.toString()))
        .isInstanceOf(ConfigException.class)
        .hasMessageEndingWith("and 60 substitutions (${...} or +=): want at most 262144 and 16");
    String tooLong = " ".repeat(1 << 18) + "x";
    assertThatThrownBy(() -> read(tooLong))
        .isInstanceOf(ConfigException.class)
        .hasMessageEndingWith(
            "has 262145 characters and 0 substitutions (${...} or +=): want at most 262144 and 16");
    assertThat(read("seed = 64, batch-size = ${seed}").batchSize()).isEqualTo(64);
  }
}
