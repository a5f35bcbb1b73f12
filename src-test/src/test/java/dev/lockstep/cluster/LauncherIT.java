package dev.lockstep.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The launcher: what it starts, and what it refuses. */
@Timeout(value = 4, unit = TimeUnit.MINUTES)
class LauncherIT {
  @TempDir private Path directory;

  private Launcher launcher() {
    return new Launcher(directory);
  }

  @Test
  void versionIsAllThatItSays() throws Exception {
    Launcher.Ended ended = launcher().run("--version").expect(0);
    assertThat(ended.out()).matches("lockstep \\d+\\.\\d+\\.\\d+\\R");
    assertThat(ended.err()).isEmpty();
  }

  @Test
  void helpOfACommandNeedsNoSpark() throws Exception {
    Launcher.Ended ended = launcher().run("train", "--help").expect(0);
    assertThat(ended.out()).contains("--master=URL", "--out=DIR");
    assertThat(ended.err()).isEmpty();
  }

  @Test
  void linksAndBlanksOnTheWay() throws Exception {
    Path first = Files.createDirectories(directory.resolve("a b")).resolve("first");
    Files.createSymbolicLink(first, Launcher.HOME.resolve("deploy/lockstep"));
    Path second = Files.createSymbolicLink(directory.resolve("second"), Path.of("a b", "first"));
    assertThat(launcher().start(second, Map.of(), List.of("--version")).await().expect(0).out())
        .startsWith("lockstep ");
  }

  @ParameterizedTest
  @CsvSource({
    "train --master nonsense, '--master nonsense: want local[N], spark://HOST:PORT, yarn or k8s://URL'",
    "train --conf, '--conf: a value is missing'",
    "train --jars, '--jars: a value is missing'",
    "'inspect --jars hdfs://h/a.jar', '--jars hdfs://h/a.jar: inspect runs without Spark; name a file of this machine'",
    "trian, 'Unmatched argument'",
    "'', 'a command is missing'"
  })
  void mistakesAreUsage(String arguments, String message) throws Exception {
    String[] words = arguments.isEmpty() ? new String[0] : arguments.split(" ");
    assertThat(launcher().run(words).expect(2).err()).contains(message);
  }

  @Test
  void anotherSparkIsRefusedByName() throws Exception {
    Path jars = Files.createDirectories(directory.resolve("spark/jars"));
    Files.createFile(jars.resolve("spark-core_2.12-3.5.1.jar"));
    Map<String, String> environment = Map.of("SPARK_HOME", jars.getParent().toString());
    assertThat(launcher().run(environment, "--version").expect(2).err())
        .contains("has spark-core_2.12-3.5.1.jar; want Spark 4.1 with Scala 2.13");
  }

  @Test
  void aSparkOfItsOwnIsUsedThroughSparkSubmit() throws Exception {
    Path home = Files.createDirectories(directory.resolve("spark"));
    Files.createSymbolicLink(
        home.resolve("jars"), Launcher.HOME.resolve("driver/target/spark/jars"));
    script(home.resolve("bin/spark-submit"), "printf '%s\\n' \"$@\"");
    Map<String, String> environment = Map.of("SPARK_HOME", home.toString());
    Path jar = Files.createFile(directory.resolve("my jar.jar"));
    List<String> words =
        launcher()
            .run(
                environment,
                "--conf",
                "a=b c",
                "train",
                "--master=yarn",
                "--jars",
                "my jar.jar,s3a://b/c.jar",
                "--out",
                "x y",
                "--jars=file:" + jar)
            .expect(0)
            .out()
            .lines()
            .toList();
    assertThat(words)
        .containsExactly(
            "--conf",
            "a=b c",
            "--master",
            "yarn",
            "--jars",
            "my jar.jar,%s,s3a://b/c.jar".formatted(jar),
            "--class",
            "dev.lockstep.cli.Lockstep",
            Launcher.HOME.resolve("driver/target/lockstep.jar").toString(),
            "train",
            "--master=yarn",
            "--out",
            "x y");
  }

  @Test
  void anOldJavaIsRefused() throws Exception {
    Path home = Files.createDirectories(directory.resolve("jdk"));
    script(home.resolve("bin/java"), "exit 1");
    Files.writeString(home.resolve("release"), "JAVA_VERSION=\"11.0.2\"\n");
    Map<String, String> environment = Map.of("JAVA_HOME", home.toString());
    assertThat(launcher().run(environment, "--version").expect(2).err())
        .contains("is Java 11.0.2; install a JDK of 17 or later");
  }

  private static void script(Path path, String body) throws IOException {
    Files.createDirectories(path.getParent());
    Files.writeString(path, "#!/bin/sh\n" + body + "\n");
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  @Test
  void anUnreachableMasterIsTheClustersFault() throws Exception {
    Launcher.Ended ended = launcher().run("train", "--master", "spark://127.0.0.1:1").expect(5);
    assertThat(ended.err()).contains("the master spark://127.0.0.1:1 cannot be reached");
    assertThat(ended.out()).isEmpty();
    assertThat(directory.resolve("runs")).doesNotExist();
  }

  @Test
  void withoutTheVectorModuleToTheSameBits() throws Exception {
    train(Map.of("LOCKSTEP_VECTOR", "off"), "scalar");
    train(Map.of(), "auto");
    assertThat(RunFiles.of(directory.resolve("scalar")))
        .isEqualTo(RunFiles.of(directory.resolve("auto")));
    assertThat(directory.resolve("scalar/summary.json"))
        .content()
        .contains("\"kernel\" : \"scalar\"");
  }

  @Test
  void classesFromAnArchiveToTheSameBits() throws Exception {
    Path archive = directory.resolve("classes");
    train(Map.of("LOCKSTEP_ARCHIVE", archive.toString()), "archiving");
    assertThat(archive).isNotEmptyFile();
    train(Map.of("LOCKSTEP_ARCHIVE", "off"), "off");
    Launcher.Ended ended = train(Map.of(), "on");
    assertThat(RunFiles.of(directory.resolve("on")))
        .isEqualTo(RunFiles.of(directory.resolve("archiving")))
        .isEqualTo(RunFiles.of(directory.resolve("off")));
    assertThat(ended.out()).startsWith("{").contains("\"first_step_seconds\"").endsWith("}\n");
  }

  @Test
  void anArchiveIsOnOrOff() throws Exception {
    Map<String, String> environment = Map.of("LOCKSTEP_ARCHIVE", "maybe");
    assertThat(launcher().run(environment, "train", "--master=local").expect(2).err())
        .contains("LOCKSTEP_ARCHIVE = maybe: want on or off");
  }

  private Launcher.Ended train(Map<String, String> environment, String out) throws Exception {
    return launcher()
        .run(
            environment,
            "train",
            "--master=local[2]",
            "--data=synthetic:digits?n=2000&seed=1",
            "--set=epochs=1",
            "--out",
            out)
        .expect(0);
  }
}
