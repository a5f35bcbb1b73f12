package dev.lockstep.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import dev.lockstep.train.ExitCode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every command, as a user types it. */
class CommandsTest {
  @TempDir Path temporary;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "train",
        "resume",
        "eval",
        "export",
        "status",
        "inspect",
        "plan",
        "kinds",
        "data",
        "data info",
        "data synth",
        "data fetch",
        "cluster",
        "bench",
        "bench kernels",
        "bench step",
        "bench run",
        "bench exchange",
        "bench scaling"
      })
  void helpAndVersionGoToStdout(String command) {
    Cli.Result help = Cli.run((command + " --help").strip().split(" "));
    assertThat(help.exit()).isZero();
    assertThat(help.out()).startsWith("Usage: lockstep").contains(command);
    assertThat(help.err()).isEmpty();
    Cli.Result version = Cli.run((command + " --version").strip().split(" "));
    assertThat(version.exit()).isZero();
    assertThat(version.out()).startsWith("lockstep ").hasLineCount(1);
    assertThat(version.err()).isEmpty();
  }

  @Test
  void mistakesOnTheCommandLine() {
    assertUsage("Unmatched argument", "trian");
    assertUsage("a command is missing");
    assertUsage("Missing required parameter: 'RUN'", "resume");
    assertUsage("Missing required parameter: 'RUN'", "eval");
    assertUsage("Missing required parameter: 'RUN'", "export");
    assertUsage("Invalid value for option '--format'", "export", "--format", "keras", "x");
    assertUsage("Missing required parameter: 'NAME'", "data", "fetch", "--to", "x");
    assertUsage("Missing required option: '--to=URI'", "data", "synth");
    assertUsage("a command is missing: data info", "data");
    assertUsage("Unknown option: '--outt'", "train", "--outt", "x");
    assertUsage("a command is missing: bench kernels", "bench");
    assertUsage("Invalid value for option '--batch'", "bench", "step", "--batch", "many");
    assertUsage("--split", "eval", "--split", "all", "x");
  }

  private static void assertUsage(String message, String... args) {
    Cli.Result result = Cli.run(args);
    assertThat(result.exit()).isEqualTo(ExitCode.USAGE);
    assertThat(result.out()).isEmpty();
    assertThat(result.err()).contains("lockstep: ", message, "--help").doesNotContain("\tat ");
  }

  @Test
  void inspectShowsTheLayers() {
    Cli.Result result =
        Cli.run(
            "inspect",
            "--set",
            "layers=[dense 256 relu, dense 128 relu, dense 64 relu, dense 10]",
            "--inputs",
            "784");
    assertThat(result.exit()).as(result.err()).isZero();
    assertThat(result.out()).containsPattern("total +242,762").contains("200,960", "[256, 784]");
    assertThat(result.err()).isEmpty();
  }

  @Test
  void kindsListsWhatConfigurationsCanName() {
    Cli.Result all = Cli.run("kinds");
    assertThat(all.exit()).as(all.err()).isZero();
    assertThat(all.out())
        .contains("layers:", "losses:", "optimizers:", "schedules:", "inits:")
        .contains("dense", "maxout", "hinge", "nadam", "one-cycle", "orthogonal")
        .contains("units                how many outputs: a whole number from 1 to 1048576");
    Cli.Result losses = Cli.run("kinds", "losses");
    assertThat(losses.out()).contains("huber").doesNotContain("layers:", "adam");
    assertThat(Cli.run("kinds", "pets").errors())
        .containsExactly("kinds pets: want one of layers, losses, optimizers, schedules, inits");
  }

  @Test
  void inspectNamesWhatEveryLayerLearnsAndWarns() {
    Cli.Result result =
        Cli.run(
            "inspect",
            "--set",
            "layers=[maxout 64 3, dropout 0.5, dense 32 prelu shared, dense 10 softmax]",
            "--inputs",
            "784");
    assertThat(result.exit()).as(result.err()).isZero();
    assertThat(result.out())
        .containsPattern("maxout 64 of 3 +192 +64 +0\n")
        .containsPattern("dropout 0.5 64 +64 +64 +0\n")
        .containsPattern("prelu shared 32 +32 +32 +1  slope\n");
    assertThat(result.err())
        .isEqualTo(
            "lockstep: layer 7 (softmax 10) stands before the loss softmax-cross-entropy, which contains it already and takes logits; leave the layer out\n");
  }

  @Test
  void inspectChecksTheGradientsOfAUsersNetwork() {
    Cli.Result result =
        Cli.run(
            "inspect",
            "--gradients",
            "--rows",
            "5",
            "--set",
            "layers=[noise 0.1 maxout 9 3, dropout 0.5, dense 8 prelu gelu, dense 10]",
            "--set",
            "data.uri=synthetic:digits?n=100&seed=1");
    assertThat(result.exit()).as(result.out() + result.err()).isZero();
    assertThat(result.out())
        .containsPattern("layers.0.weight +21,168 +[0-9]+ +[0-9]+ +[0-9.e-]+  ok\n")
        .containsPattern("layers.2.slope +8 +8 +0 +[0-9.e-]+  ok\n");
    assertThat(result.err()).isEmpty();
    Cli.Result refused =
        Cli.run(
            "inspect",
            "--gradients",
            "--set",
            "layers=[dense 8 threshold, dense 10]",
            "--set",
            "data.uri=synthetic:digits?n=100&seed=1");
    assertThat(refused.exit()).isEqualTo(ExitCode.USAGE);
    assertThat(refused.err())
        .contains("layer 2 (threshold 0.0 8) has no derivative, so layer 1 (dense 784x8)");
    Cli.Result rows = Cli.run("inspect", "--gradients", "--rows", "0");
    assertThat(rows.exit()).isEqualTo(ExitCode.USAGE);
    assertThat(rows.err()).contains("--rows 0: want 1 to 4096");
  }

  @Test
  void benchmarksRefuseWhatTheyCannotMeasure() {
    assertRefused("--batch 0: want 1 or more", "step", "--batch", "0");
    assertRefused("--batch 600: want at most 256", "kernels", "--batch", "600");
    assertRefused("--seconds 0.0: want more than 0", "kernels", "--seconds", "0");
    assertRefused("kernel = vector7", "kernels", "--kernel", "vector7");
    assertRefused("engine = mpi", "run", "--engine", "mpi");
    assertRefused("--warm-ups 2 --runs 0", "run", "--runs", "0");
    assertRefused("--ranks 0: want 1 or more", "exchange", "--ranks", "2,0");
    assertRefused("--shards -4: want 1 or more", "scaling", "--shards", "-4");
  }

  private static void assertRefused(String message, String... args) {
    List<String> words = new ArrayList<>(List.of("bench"));
    words.addAll(List.of(args));
    Cli.Result result = Cli.run(words.toArray(String[]::new));
    assertThat(result.exit()).isEqualTo(ExitCode.USAGE);
    assertThat(result.out()).isEmpty();
    assertThat(result.err()).contains(message).doesNotContain("\tat ");
  }

  @Test
  void benchmarksOfATinyNetwork() throws IOException {
    String[] tiny = {
      "--set", "layers=[dense 16 relu, dense 10]", "--set", "data.uri=synthetic:digits?n=600&seed=1"
    };
    Path json = temporary.resolve("step.json");
    Cli.Result step =
        bench(tiny, "step", "--batch", "64", "--set", "kernel=scalar", "--json", json.toString());
    assertThat(step.exit()).as(step.err()).isZero();
    assertThat(step.out())
        .contains("| weight gradient 784x16 ", "| batch assembly ", "| step, with timers ");
    assertThat(Files.readString(json)).contains("\"samples_per_second\"", "\"micros\"");
    Cli.Result kernels = bench(tiny, "kernels", "--batch", "16", "--seconds", "0.1");
    assertThat(kernels.exit()).as(kernels.err()).isZero();
    assertThat(kernels.out()).contains("| forward         | 16x784x16 |", "GFLOP/s");
    Cli.Result run =
        bench(tiny, "run", "--batch", "64", "--engine", "local", "--runs", "2", "--warm-ups", "0");
    assertThat(run.exit()).as(run.err()).isZero();
    assertThat(run.out()).contains("| median ", "Memory, MB");
    Cli.Result scaling =
        bench(
            tiny,
            "scaling",
            "--only",
            "parameters,batch,examples",
            "--parameters",
            "8000,16000",
            "--batch",
            "16,32",
            "--examples",
            "1000,2000");
    assertThat(scaling.exit()).as(scaling.err()).isZero();
    assertThat(scaling.out())
        .contains("Against parameters", "Against the batch", "Against examples", "| exponent |");
  }

  private static Cli.Result bench(String[] settings, String... args) {
    List<String> words = new ArrayList<>(List.of("bench"));
    words.addAll(List.of(args));
    words.addAll(List.of(settings));
    return Cli.run(words.toArray(String[]::new));
  }

  @Test
  void dataInfoCounts() throws IOException {
    Cli.Result result = Cli.run("data", "info", "synthetic:digits?n=600&seed=1");
    assertThat(result.exit()).isZero();
    assertThat(result.out())
        .contains("train: 600 examples of [28, 28] bytes", "class 9", "fingerprint synthetic:");
    Cli.Result gate = Cli.run("data", "info", "synthetic:gate?of=or");
    assertThat(gate.out())
        .contains("train: 4 examples of [2] bytes", "test: 4 examples", "gate?of=or&n=4");
    for (int f = 1; f <= 5; f++) {
      Files.write(temporary.resolve("data_batch_%d.bin".formatted(f)), new byte[2 * 3073]);
    }
    Files.write(temporary.resolve("test_batch.bin"), new byte[3073]);
    Cli.Result cifar10 = Cli.run("data", "info", temporary.toString());
    assertThat(cifar10.out())
        .contains("train: 10 examples of [3, 32, 32] bytes", "test: 1 examples", "class 0  ")
        .contains("fingerprint sha256:");
    Cli.Result missing = Cli.run("data", "info", temporary.resolve("no").toString());
    assertThat(missing.exit()).isEqualTo(ExitCode.DATA);
    Cli.Result typo = Cli.run("data", "info", "synthetic:digits?m=600");
    assertThat(typo.exit()).isEqualTo(ExitCode.USAGE);
    assertThat(typo.errors()).hasSize(1);
  }

  @Test
  void trainingOnSynthesisedFilesIsTrainingOnTheUri() {
    Path data = temporary.resolve("data");
    assertThat(Cli.run("data", "synth", "synthetic:digits?n=600&seed=1", "--to", data.toString()))
        .isEqualTo(new Cli.Result(ExitCode.DONE, "", ""));
    Cli.Result files = Cli.trainLocally(temporary.resolve("files"), "--data", data.toString());
    Cli.Result uri = Cli.trainLocally(temporary.resolve("uri"));
    assertThat(files.exit()).as(files.err()).isZero();
    assertThat(files.json().path("model_sha256")).isEqualTo(uri.json().path("model_sha256"));
    assertThat(files.json().path("test_loss")).isEqualTo(uri.json().path("test_loss"));
  }

  /** Each figure is there, and they agree with each other. */
  @Test
  void evalTellsClassesApart() {
    Path run = temporary.resolve("run");
    Cli.Result trained =
        Cli.trainLocally(run, "--set", "loss.name=hinge", "--set", "loss.margin=0.5");
    assertThat(trained.exit()).as(trained.err()).isZero();
    Cli.Result test = Cli.run("eval", run.toString(), "--master", "local[2]", "--top-k", "3");
    assertThat(test.exit()).as(test.err()).isZero();
    JsonNode json = test.json();
    assertThat(json.path("loss").asDouble()).isPositive();
    assertThat(json.has("log_loss")).as("a hinge gives no probabilities").isFalse();
    assertThat(json.path("top_3_accuracy").asDouble())
        .isBetween(json.path("accuracy").asDouble(), 1.0);
    long examples = 0;
    long diagonal = 0;
    double recalls = 0;
    assertThat(json.path("classes")).hasSize(10);
    assertThat(json.path("confusion")).hasSize(10);
    for (int c = 0; c < 10; c++) {
      JsonNode ofClass = json.path("classes").path(c);
      JsonNode row = json.path("confusion").path(c);
      assertThat(ofClass.path("class").asInt()).isEqualTo(c);
      for (JsonNode count : row) {
        examples += count.asLong();
      }
      diagonal += row.path(c).asLong();
      recalls += ofClass.path("recall").asDouble();
    }
    assertThat(json.path("examples").asLong()).isEqualTo(examples);
    assertThat(json.path("accuracy").asDouble()).isEqualTo((double) diagonal / examples);
    assertThat(json.path("macro_recall").asDouble()).isCloseTo(recalls / 10, within(1e-12));
    Cli.Result tooMany = Cli.run("eval", run.toString(), "--top-k", "11");
    assertThat(tooMany.exit()).isEqualTo(ExitCode.USAGE);
    assertThat(tooMany.errors())
        .containsExactly(
            "--top-k = 11: want a whole number from 1 to 10, the classes of the model");
  }

  @Test
  void aLossThatDoesNotSuitTheNetworkIsRefused() {
    assertThat(refused("layers=[dense 1]"))
        .containsExactly(
            "loss: softmax-cross-entropy wants an output for each class, 2 or more, but the network has 1; with 1 output use sigmoid-cross-entropy");
    assertThat(refused("loss.class-weights=[1, 2]"))
        .containsExactly("loss: class-weights = [1.0, 2.0]: want 10, one for each class, or none");
  }

  private List<String> refused(String setting) {
    Cli.Result result = Cli.trainLocally(temporary.resolve("refused"), "--set", setting);
    assertThat(result.exit()).as(result.err()).isEqualTo(ExitCode.USAGE);
    return result.errors();
  }

  @Test
  void evalGivesTheAccuracyOfTheSummary() throws IOException {
    Path run = temporary.resolve("run");
    Cli.Result trained = Cli.trainLocally(run);
    Cli.Result test = Cli.run("eval", run.toString(), "--master", "local[2]");
    assertThat(test.exit()).as(test.err()).isZero();
    assertThat(test.json().path("accuracy")).isEqualTo(trained.json().path("test_accuracy"));
    assertThat(test.json().path("model_sha256")).isEqualTo(trained.json().path("model_sha256"));
    assertThat(test.json().path("log_loss").asDouble())
        .isCloseTo(trained.json().path("test_loss").asDouble(), within(1e-6));
    assertThat(Cli.run("status", run.toString()).out())
        .contains("status              finished", "last step           20 (epoch 2");
    Path tensors = run.resolve("model/model.safetensors");
    byte[] bytes = Files.readAllBytes(tensors);
    bytes[bytes.length - 1] ^= 1;
    Files.write(tensors, bytes);
    Cli.Result corrupt = Cli.run("eval", run.toString(), "--master", "local[2]");
    assertThat(corrupt.exit()).isEqualTo(ExitCode.DATA);
    assertThat(corrupt.errors()).singleElement().asString().contains("sha256");
  }

  @Test
  void fetchKeepsNothingWithWrongBytes() throws IOException {
    HttpServer server = serve(path -> "not MNIST".getBytes(StandardCharsets.UTF_8));
    try {
      Path to = temporary.resolve("mnist");
      Cli.Result result = fetch(server, to);
      assertThat(result.exit()).isEqualTo(ExitCode.DATA);
      assertThat(result.errors())
          .singleElement()
          .asString()
          .contains("cannot fetch train-images-idx3-ubyte.gz", "SHA-256 is", "by hand");
      assertThat(to).doesNotExist();
    } finally {
      server.stop(0);
    }
  }

  @Test
  void fetchTakesWhatIsPublished() throws IOException {
    Path mnist = Path.of(System.getProperty("lockstep.mnist", "/nowhere"));
    assumeThat(mnist).as("the real MNIST").exists();
    HttpServer server = serve(path -> Files.readAllBytes(mnist.resolve(path)));
    try {
      Path to = temporary.resolve("mnist");
      Cli.Result result = fetch(server, to);
      assertThat(result.exit()).as(result.err()).isZero();
      assertThat(result.out()).isEmpty();
      assertThat(to.resolve("train-images-idx3-ubyte.gz"))
          .hasSameBinaryContentAs(mnist.resolve("train-images-idx3-ubyte.gz"));
      assertThat(fetch(server, to).err().lines()).allMatch(line -> line.endsWith("already there"));
    } finally {
      server.stop(0);
    }
  }

  @Test
  void fetchKnowsTheNamesOfItsData() {
    Cli.Result result = Cli.run("data", "fetch", "imagenet", "--to", temporary.toString());
    assertThat(result.exit()).isEqualTo(ExitCode.USAGE);
    assertThat(result.errors()).singleElement().asString().contains("mnist", "fashion-mnist");
  }

  private static Cli.Result fetch(HttpServer server, Path to) {
    String mirror =
        "http://%s:%d/"
            .formatted(
                InetAddress.getLoopbackAddress().getHostAddress(), server.getAddress().getPort());
    return Cli.run(
        "data",
        "fetch",
        "mnist",
        "--to",
        to.toString(),
        "--set",
        "data.mirrors.mnist=[\"%s\"]".formatted(mirror));
  }

  private interface Site {
    byte[] get(String path) throws IOException;
  }

  private static HttpServer serve(Site site) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          byte[] body = site.get(exchange.getRequestURI().getPath().substring(1));
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
    return server;
  }
}
