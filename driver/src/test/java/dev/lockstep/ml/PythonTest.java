package dev.lockstep.ml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.ml.classification.MultilayerPerceptronClassifier;
import org.apache.spark.ml.param.Param;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Python module, without PySpark: it has Java's parameters, and Python can read it. */
final class PythonTest {
  private static final Pattern PARAM = Pattern.compile("(?m)^ {4}\"(\\w+)\": \\(TypeConverters\\.");

  private static String module() throws IOException {
    try (InputStream in = PythonTest.class.getResourceAsStream("__init__.py")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void hasTheParametersThatJavaHas() throws IOException {
    Set<String> python = new TreeSet<>();
    Matcher matcher = PARAM.matcher(module());
    while (matcher.find()) {
      python.add(matcher.group(1));
    }
    Set<String> java = new TreeSet<>();
    Arrays.stream(new LockstepRegressor().params()).map(Param::name).forEach(java::add);
    // What PySpark's own classes have for every predictor.
    java.removeAll(Set.of("featuresCol", "labelCol", "predictionCol"));
    assertThat(python).isEqualTo(java);
    Set<String> classifier = new TreeSet<>(java);
    classifier.addAll(
        Set.of("featuresCol", "labelCol", "predictionCol", "probabilityCol", "rawPredictionCol"));
    classifier.add("thresholds");
    assertThat(Arrays.stream(new LockstepClassifier().params()).map(Param::name))
        .containsExactlyInAnyOrderElementsOf(classifier);
    // A program that changes its import keeps its parameters.
    assertThat(classifier)
        .containsAll(
            Arrays.stream(new MultilayerPerceptronClassifier().params()).map(Param::name).toList());
  }

  @Test
  void pythonCanReadIt(@TempDir Path temporary) throws Exception {
    Path file = Files.writeString(temporary.resolve("lockstep.py"), module());
    Process python;
    try {
      python =
          new ProcessBuilder(
                  System.getProperty("python", "python3"),
                  "-c",
                  "import ast, sys; ast.parse(open(sys.argv[1]).read())",
                  file.toString())
              .redirectErrorStream(true)
              .start();
    } catch (IOException e) {
      assumeTrue(false, "there is no python3 here");
      return;
    }
    String said = new String(python.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(python.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(python.exitValue()).as(said).isZero();
  }
}
