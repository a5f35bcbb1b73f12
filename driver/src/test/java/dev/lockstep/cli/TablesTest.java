package dev.lockstep.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lockstep.ml.LockstepFunctions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tables in files, from the command line. */
final class TablesTest {
  private static final List<String> SETTINGS =
      List.of("layers=[dense 8 relu, dense 3]", "batch-size=32", "epochs=3", "shards=4");

  @TempDir static Path temporary;

  /** The same rows in three forms: training in two files each, a test of its own. */
  @BeforeAll
  static void write() throws IOException {
    for (String name : List.of("csv", "parquet", "libsvm")) {
      Files.createDirectories(temporary.resolve(name));
    }
    List<String> csv = new ArrayList<>();
    List<String> libsvm = new ArrayList<>();
    SplittableRandom random = new SplittableRandom(5);
    for (int i = 0; i < 300; i++) {
      int label = random.nextInt(3);
      StringBuilder row = new StringBuilder(i + "," + label);
      StringBuilder sparse = new StringBuilder().append(label);
      for (int f = 0; f < 4; f++) {
        double x = (f == label ? 1.5 : 0) + random.nextInt(1000) / 1000.0;
        row.append(',').append(x);
        sparse.append(' ').append(f + 1).append(':').append(x);
      }
      csv.add(row.toString());
      libsvm.add(sparse.toString());
    }
    Path ofCsv = Files.createDirectories(temporary.resolve("csv/train.csv"));
    writeCsv(ofCsv.resolve("a.csv"), csv.subList(0, 130));
    writeCsv(ofCsv.resolve("b.csv"), csv.subList(130, 240));
    writeCsv(temporary.resolve("csv/test.csv"), csv.subList(240, 300));
    Files.write(temporary.resolve("libsvm/train.libsvm"), libsvm.subList(0, 240));
    Files.write(temporary.resolve("libsvm/test.libsvm"), libsvm.subList(240, 300));
    try (SparkSession spark = session()) {
      for (String split : List.of("train", "test")) {
        spark
            .read()
            .option("header", true)
            .option("inferSchema", true)
            .csv(temporary.resolve("csv/%s.csv".formatted(split)).toString())
            .orderBy("id")
            .coalesce(1)
            .write()
            .parquet(temporary.resolve("parquet/%s.parquet".formatted(split)).toString());
      }
    }
  }

  private static void writeCsv(Path file, List<String> rows) throws IOException {
    Files.write(file, Stream.concat(Stream.of("id,label,x0,x1,x2,x3"), rows.stream()).toList());
  }

  private static Cli.Result train(String name, String form, String... more) {
    List<String> words =
        new ArrayList<>(
            List.of(
                "train",
                "--out",
                temporary.resolve(name).toString(),
                "--data",
                temporary.resolve(form).toString()));
    SETTINGS.forEach(setting -> words.addAll(List.of("--set", setting)));
    words.addAll(List.of(more));
    return Cli.run(words.toArray(String[]::new));
  }

  private static JsonNode summary(String name, String form, String... more) throws IOException {
    Cli.Result result = train(name, form, more);
    assertThat(result.exit()).as(result.err()).isZero();
    return Cli.summary(temporary.resolve(name));
  }

  @Test
  void theSameRowsGiveTheSameBitsInAnyFormOnAnyEngine() throws IOException {
    String[] columns = {"--features", "x0,x1,x2,x3"};
    JsonNode local = summary("local", "csv", with(columns, "--set", "engine=local"));
    assertThat(local.path("test_accuracy").asDouble()).isGreaterThan(0.8);
    String expected = local.path("model_sha256").asText();
    for (String engine : List.of("tree", "allreduce")) {
      for (String master : List.of("local[1]", "local[3]")) {
        JsonNode summary =
            summary(
                engine + master,
                "parquet",
                with(columns, "--set", "engine=" + engine, "--master", master));
        assertThat(summary.path("model_sha256").asText()).isEqualTo(expected);
        assertThat(summary.path("test_loss")).isEqualTo(local.path("test_loss"));
      }
    }
    JsonNode sparse = summary("sparse", "libsvm");
    assertThat(sparse.path("model_sha256").asText()).isEqualTo(expected);
    JsonNode byId = summary("id", "csv", "--set", "data.id=id");
    assertThat(byId.path("model_sha256").asText()).isEqualTo(expected);
  }

  private static String[] with(String[] some, String... more) {
    return Stream.concat(Stream.of(some), Stream.of(more)).toArray(String[]::new);
  }

  @Test
  void aTableAloneIsTrainedOnAndEvaluated() throws IOException {
    String table = "csv/train.csv";
    JsonNode summary =
        summary(
            "alone",
            table,
            "--set",
            "data.id=id",
            "--set",
            "data.normalize=standardize",
            "--set",
            "validation.fraction=0.25");
    assertThat(summary.has("test_loss")).isFalse();
    assertThat(summary.path("train_accuracy").asDouble()).isGreaterThan(0.8);
    String run = temporary.resolve("alone").toString();
    Cli.Result none = Cli.run("eval", run);
    assertThat(none.exit()).isEqualTo(2);
    assertThat(none.errors()).singleElement().asString().contains("has no table to test on");
    Cli.Result whole = Cli.run("eval", run, "--split", "train");
    assertThat(whole.exit()).as(whole.err()).isZero();
    assertThat(whole.json().path("examples").asInt()).isEqualTo(240);
    Cli.Result other =
        Cli.run(
            "eval",
            run,
            "--split",
            "train",
            "--data",
            temporary.resolve("parquet/test.parquet").toString());
    assertThat(other.exit()).as(other.err()).isZero();
    assertThat(other.json().path("examples").asInt()).isEqualTo(60);
    assertThat(other.json().path("confusion")).hasSize(3);
    Cli.Result again = Cli.run("resume", run);
    assertThat(again.exit()).isEqualTo(2);
    assertThat(again.errors()).singleElement().asString().contains("finished run");
  }

  @Test
  void numbersAreEstimatedWhereTheLossDoes() throws IOException {
    JsonNode summary =
        summary(
            "numbers",
            "csv/test.csv",
            "--label",
            "x3",
            "--features",
            "x0,x1,x2",
            "--set",
            "layers=[dense 8 tanh, dense 1]",
            "--set",
            "loss.name=mean-squared-error");
    assertThat(summary.path("train_loss").asDouble()).isBetween(0.0, 1.0);
    Cli.Result result =
        Cli.run("eval", temporary.resolve("numbers").toString(), "--split", "train");
    assertThat(result.exit()).as(result.err()).isZero();
    assertThat(result.json().has("r2")).isTrue();
  }

  @Test
  void predictionsAreWrittenAsTables() throws IOException {
    summary("predicting", "csv", "--features", "x0,x1,x2,x3");
    String run = temporary.resolve("predicting").toString();
    String parquet = temporary.resolve("said.parquet").toString();
    Cli.Result written = Cli.run("predict", run, "--out", parquet);
    assertThat(written.exit()).as(written.err()).isZero();
    assertThat(written.json().path("rows").asInt()).isEqualTo(60);
    String csv = temporary.resolve("said-csv").toString();
    Cli.Result plain =
        Cli.run(
            "predict",
            run,
            "--out",
            csv,
            "--format",
            "csv",
            "--data",
            temporary.resolve("parquet/train.parquet").toString());
    assertThat(plain.exit()).as(plain.err()).isZero();
    assertThat(plain.json().path("rows").asInt()).isEqualTo(240);
    Cli.Result evaluated = Cli.run("eval", run);
    try (SparkSession spark = session()) {
      Dataset<Row> rows = spark.read().parquet(parquet);
      assertThat(rows.columns())
          .containsExactly("id", "label", "x0", "x1", "x2", "x3", "probability", "prediction");
      assertThat(rows.filter("prediction = label").count() / 60.0)
          .isEqualTo(evaluated.json().path("accuracy").asDouble());
      LockstepFunctions.register(spark);
      assertThat(
              rows.filter(
                      "lockstep_predict('%s', array(x0, x1, x2, x3)) = prediction".formatted(run))
                  .count())
          .isEqualTo(60);
      assertThat(rows.filter("abs(aggregate(probability, 0D, (a, x) -> a + x) - 1) < 1e-9").count())
          .isEqualTo(60);
      Dataset<Row> text = spark.read().option("header", true).option("inferSchema", true).csv(csv);
      assertThat(text.columns())
          .containsExactly(
              "id",
              "label",
              "x0",
              "x1",
              "x2",
              "x3",
              "prediction",
              "probability_0",
              "probability_1",
              "probability_2");
      assertThat(text.filter("greatest(probability_0, probability_1, probability_2) > 0.4").count())
          .isGreaterThan(200);
    }
    Cli.Result again = Cli.run("predict", run, "--out", parquet);
    assertThat(again.exit()).isEqualTo(2);
    assertThat(again.errors()).singleElement().asString().contains("is there already");
    Cli.Result other = Cli.run("predict", run, "--out", parquet + "2", "--features", "x0,x1,x2");
    assertThat(other.exit()).as(other.err()).isEqualTo(3);
    assertThat(other.errors()).singleElement().asString().contains("has 3 features");
  }

  @Test
  void predictionsForFilesHaveTheirIndex() throws IOException {
    String run = temporary.resolve("digits").toString();
    List<String> words = new ArrayList<>(List.of("train", "--out", run));
    words.addAll(Cli.TINY);
    Cli.Result trained = Cli.run(words.toArray(String[]::new));
    assertThat(trained.exit()).as(trained.err()).isZero();
    String out = temporary.resolve("digits-said").toString();
    Cli.Result written = Cli.run("predict", run, "--out", out);
    assertThat(written.exit()).as(written.err()).isZero();
    double accuracy = Cli.summary(Path.of(run)).path("test_accuracy").asDouble();
    try (SparkSession spark = session()) {
      Dataset<Row> rows = spark.read().parquet(out);
      assertThat(rows.columns()).containsExactly("index", "label", "probability", "prediction");
      assertThat(rows.filter("prediction = label").count() / (double) rows.count())
          .isEqualTo(accuracy);
    }
  }

  private static SparkSession session() {
    return SparkSession.builder()
        .master("local[2]")
        .config("spark.ui.enabled", "false")
        .config("spark.log.level", "WARN")
        .getOrCreate();
  }

  @Test
  void mistakesGetASentence() {
    assertRefused(2, "--features", "x0,x9", "data.features = x9: there is no such column");
    assertRefused(2, "--label", "y", "there is no column y; the table has id, label, x0");
    assertRefused(3, "--label", "x0", "x0 is ", "want a class as a whole number");
    assertRefused(2, "--set", "data.id=z", "there is no column z");
  }

  private static void assertRefused(int exit, String option, String value, String... message) {
    Cli.Result result = train("refused", "csv", option, value);
    assertThat(result.exit()).as(result.err()).isEqualTo(exit);
    assertThat(result.errors()).singleElement().asString().contains(message);
    assertThat(temporary.resolve("refused")).doesNotExist();
  }
}
