package dev.lockstep.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lockstep.init.InitScheme;
import dev.lockstep.kernel.KernelChoice;
import dev.lockstep.kernel.Panels;
import dev.lockstep.kernel.RowSegments;
import dev.lockstep.layer.Rows;
import dev.lockstep.loss.Loss;
import dev.lockstep.loss.Losses;
import dev.lockstep.loss.Targets;
import dev.lockstep.network.GradientCheck;
import dev.lockstep.network.Network;
import dev.lockstep.network.NetworkParser;
import dev.lockstep.optimizer.Optimizer;
import dev.lockstep.optimizer.OptimizerKind;
import dev.lockstep.optimizer.Optimizers;
import dev.lockstep.setting.Settings;
import java.io.IOException;
import java.io.StringWriter;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The example of {@code docs/extending.md}, taken from the page: a user's jar with three kinds. */
@Timeout(value = 4, unit = TimeUnit.MINUTES)
class ExtendingIT {
  /** A file of the example: its name in bold, then what it holds. */
  private static final Pattern FILE =
      Pattern.compile("\\*\\*`([^`]+)`\\*\\*\n\n```[a-z]*\n(.*?)```\n", Pattern.DOTALL);

  private static final String JAR = "mine.jar";

  @TempDir private static Path home;

  private static Launcher launcher;
  private static JsonNode summary;

  @BeforeAll
  static void buildAndTrain() throws Exception {
    launcher = new Launcher(home);
    String page = Files.readString(Launcher.HOME.resolve("docs/extending.md"));
    for (MatchResult file : FILE.matcher(page).results().toList()) {
      Path path = home.resolve(file.group(1));
      Files.createDirectories(path.getParent());
      Files.writeString(path, file.group(2));
    }
    compile();
    pack(home.resolve(JAR), home.resolve("classes"), home.resolve("META-INF"));
    launcher.run(train("mine", "--master=local[2]", "--set=ranks=2")).expect(0);
    summary = summary("mine");
  }

  private static String[] train(String out, String... more) {
    List<String> words = new ArrayList<>(List.of("train", "mine.conf", "--jars", JAR));
    words.addAll(List.of("--out", out));
    words.addAll(List.of(more));
    return words.toArray(String[]::new);
  }

  private static JsonNode summary(String run) throws IOException {
    return new ObjectMapper().readTree(home.resolve(run).resolve("summary.json").toFile());
  }

  /** As the page says, against Lockstep's jar alone. */
  private static void compile() throws IOException {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter said = new StringWriter();
    try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null);
        Stream<Path> sources = Files.list(home.resolve("org/example"))) {
      String jar = Launcher.HOME.resolve("driver/target/lockstep.jar").toString();
      List<String> options =
          List.of(
              "-cp",
              jar,
              "-d",
              home + "/classes",
              "--release=17",
              "-Xlint:all",
              "-Werror",
              "-proc:none");
      boolean isCompiled =
          compiler
              .getTask(
                  said,
                  files,
                  null,
                  options,
                  null,
                  files.getJavaFileObjectsFromPaths(sources.toList()))
              .call();
      assertThat(isCompiled).as(said.toString()).isTrue();
    }
  }

  /** A jar of what stands below the first directory, and of the others with their names. */
  private static void pack(Path jar, Path classes, Path metaInf) throws IOException {
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
      add(out, classes, classes);
      add(out, metaInf, metaInf.getParent());
    }
  }

  private static void add(JarOutputStream jar, Path directory, Path root) throws IOException {
    List<Path> files;
    try (Stream<Path> all = Files.walk(directory)) {
      files = all.filter(Files::isRegularFile).sorted().toList();
    }
    for (Path file : files) {
      jar.putNextEntry(new JarEntry(root.relativize(file).toString()));
      Files.copy(file, jar);
      jar.closeEntry();
    }
  }

  @Test
  void thePageHasTheWholeExample() {
    assertThat(
            Stream.of(
                "org/example/Scale.java",
                "org/example/LogCosh.java",
                "org/example/Lion.java",
                "META-INF/services/dev.lockstep.layer.LayerKind",
                "META-INF/services/dev.lockstep.loss.LossKind",
                "META-INF/services/dev.lockstep.optimizer.OptimizerKind",
                "mine.conf"))
        .allMatch(file -> Files.exists(home.resolve(file)));
  }

  @Test
  void itLearns() {
    assertThat(summary.path("parameters").asInt()).isEqualTo(784 * 64 + 64 + 64 + 64 * 10 + 10);
    assertThat(summary.path("test_accuracy").asDouble()).isGreaterThan(0.8);
  }

  /**
   * On executors that are JVMs of their own, to which Spark must bring the jar; and without Spark.
   */
  @ParameterizedTest
  @CsvSource({"local-cluster[2:1:1024], allreduce", "local, local"})
  void toTheSameBitsEverywhere(String master, String engine) throws Exception {
    String url = "--master=" + master.replace(':', ',');
    launcher.run(train(engine, url, "--set=ranks=2", "--set=engine=" + engine)).expect(0);
    assertThat(RunFiles.of(home.resolve(engine))).isEqualTo(RunFiles.of(home.resolve("mine")));
  }

  @Test
  void theModelIsEvaluatedWithTheSameJar() throws Exception {
    Launcher.Ended ended =
        launcher.run("eval", "mine", "--jars=" + JAR, "--master=local[1]").expect(0);
    JsonNode scores = new ObjectMapper().readTree(ended.out());
    assertThat(scores.path("loss")).isEqualTo(summary.path("test_loss"));
    assertThat(scores.path("accuracy")).isEqualTo(summary.path("test_accuracy"));
    assertThat(launcher.run("eval", "mine", "--master=local[1]").expect(3).err())
        .contains("layers[0] = \"dense 64 scale 0.5 relu\": \"scale\" is neither");
  }

  @Test
  void inspectShowsTheLayerWithoutSpark() throws Exception {
    assertThat(launcher.run("inspect", "mine.conf", "--jars", JAR).expect(0).out())
        .containsPattern("2 +scale 64 +64 +64 +64 +factor\n")
        .contains("layers.1.factor      [64]");
    assertThat(launcher.run("inspect", "mine.conf", "--jars", JAR, "--gradients").expect(0).out())
        .containsPattern("layers.1.factor +64 .* ok\n");
  }

  @Test
  void kindsAreListedWithThoseOfTheJar() throws Exception {
    assertThat(launcher.run("kinds", "--jars", JAR).expect(0).out())
        .containsPattern("  scale +y = s x, with learned factors s\n    initial +what the factors")
        .containsPattern("  log-cosh +the mean over outputs of width")
        .containsPattern("  lion +p -= rate sign");
  }

  @Test
  void withoutTheJarEachKindIsNamed() throws Exception {
    assertThat(launcher.run("inspect", "mine.conf").expect(2).err().lines())
        .anyMatch(line -> line.contains("layers[0] = ") && line.contains("\"scale\" is neither"))
        .anyMatch(line -> line.contains("loss.name = log-cosh: want one of"))
        .anyMatch(line -> line.contains("optimizer.name = lion: want one of"))
        .allMatch(line -> line.startsWith("lockstep: "));
  }

  @Test
  void aJarThatNamesWhatItDoesNotHold() throws Exception {
    pack(home.resolve("hollow.jar"), home.resolve("META-INF/services"), home.resolve("META-INF"));
    assertThat(launcher.run("inspect", "mine.conf", "--jars=hollow.jar").expect(2).err())
        .contains("loss of a jar cannot be used: ", "Provider org.example.LogCosh$Kind not found")
        .doesNotContain("\tat ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"inspect", "train"})
  void aJarThatIsNotThere(String command) throws Exception {
    assertThat(launcher.run(command, "mine.conf", "--jars", JAR + ",no.jar").expect(2).err())
        .isEqualTo("lockstep: --jars no.jar: there is no such file\n");
  }

  /** Backward of the layer and of the loss are the derivatives of their formulas. */
  @Test
  void itsGradientsAreRight() throws Exception {
    try (URLClassLoader jar = loader()) {
      Network network =
          with(
              jar,
              () ->
                  NetworkParser.parse(40, List.of("scale 0.7", "dense 35 tanh scale", "dense 3")));
      Loss loss = with(jar, () -> Losses.of("log-cosh", Map.of("width", "0.5")));
      SplittableRandom random = new SplittableRandom(5);
      RowSegments.Builder segments = new RowSegments.Builder();
      segments.addRun(4);
      segments.addRun(3);
      segments.merge();
      Panels x = Panels.allocate(7, 40);
      for (int r = 0; r < 7; r++) {
        for (int i = 0; i < 40; i++) {
          x.set(r, i, (float) random.nextDouble(-1, 1));
        }
      }
      float[] parameters = InitScheme.heNormal().parameters(network.layout(), 1);
      for (String kernel : List.of("scalar", "auto")) {
        GradientCheck check = new GradientCheck(network, loss, KernelChoice.of(kernel).kernels());
        assertThat(
                check.check(
                    parameters,
                    x,
                    Targets.ofClasses(0, 1, 2, 0, 1, 2, 0),
                    Rows.learned(segments.build(false)),
                    1000,
                    1))
            .hasSize(6)
            .allSatisfy(tensor -> assertThat(tensor.isRight()).as("%s", tensor).isTrue())
            .allSatisfy(tensor -> assertThat(tensor.checked()).isPositive());
      }
    }
  }

  /** Two updates of one parameter, by hand: the momentum outweighs the second gradient. */
  @Test
  void itsOptimizerFollowsTheRule() throws Exception {
    try (URLClassLoader jar = loader()) {
      OptimizerKind kind = with(jar, () -> Optimizers.KINDS.get("lion"));
      Optimizer lion = kind.create(Settings.read(kind, Map.of("beta1", "0.75", "beta2", "0.5")));
      float[] p = {1f};
      float[][] slots = {{0f}};
      lion.update(1, 0.25f, p, new float[] {8f}, slots, 0, 1);
      assertThat(p).containsExactly(0.75f);
      assertThat(slots[0]).containsExactly(4f);
      lion.update(2, 0.25f, p, new float[] {-8f}, slots, 0, 1);
      assertThat(p).containsExactly(0.5f);
      assertThat(slots[0]).containsExactly(-2f);
    }
  }

  private static URLClassLoader loader() throws IOException {
    URL[] urls = {home.resolve(JAR).toUri().toURL()};
    return new URLClassLoader(urls, ExtendingIT.class.getClassLoader());
  }

  /** What something makes in a thread that has the jar. */
  private static <T> T with(ClassLoader jar, Supplier<T> work) {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    thread.setContextClassLoader(jar);
    try {
      return work.get();
    } finally {
      thread.setContextClassLoader(before);
    }
  }
}
