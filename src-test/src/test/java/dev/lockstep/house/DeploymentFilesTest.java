package dev.lockstep.house;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.lockstep.cli.Lockstep;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** What can be known of files for clusters that are not here, without running them. */
class DeploymentFilesTest {
  private static final Path DEPLOY = Path.of(System.getProperty("lockstep.home"), "deploy");

  private static final Map<String, Class<?>> KINDS =
      Map.of(
          "ServiceAccount",
          ServiceAccount.class,
          "Role",
          Role.class,
          "RoleBinding",
          RoleBinding.class,
          "Pod",
          Pod.class);

  /** Refuses fields that an object of Kubernetes does not have, which its classes would keep. */
  private static final ObjectMapper STRICT =
      YAMLMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .annotationIntrospector(
              new JacksonAnnotationIntrospector() {
                private static final long serialVersionUID = 1;

                @Override
                public Boolean hasAnySetter(Annotated annotated) {
                  return false;
                }
              })
          .build();

  private static List<JsonNode> documents(Path file) throws IOException {
    return STRICT.readerFor(JsonNode.class).<JsonNode>readValues(file.toFile()).readAll();
  }

  @ParameterizedTest
  @ValueSource(strings = {"rbac.yaml", "executor.yaml"})
  void objectsOfKubernetesHaveNoFieldThatItDoesNotKnow(String file) throws IOException {
    List<JsonNode> documents = documents(DEPLOY.resolve("kubernetes").resolve(file));
    assertThat(documents).isNotEmpty();
    for (JsonNode document : documents) {
      Object read = STRICT.treeToValue(document, KINDS.get(document.path("kind").asText()));
      assertThat(read).isNotNull();
    }
  }

  @Test
  void aFieldThatItDoesNotKnowWouldBeFound() throws IOException {
    JsonNode pod = STRICT.readTree("{kind: Pod, spec: {terminationGraceSeconds: 5}}");
    assertThatThrownBy(() -> STRICT.treeToValue(pod, Pod.class))
        .isInstanceOf(UnrecognizedPropertyException.class);
  }

  @Test
  void theOperatorIsGivenAJobThatLockstepUnderstands() throws IOException {
    Path file = DEPLOY.resolve("kubernetes/spark-application.yaml");
    JsonNode application = documents(file).get(0);
    assertThat(application.path("apiVersion").asText()).isEqualTo("spark.apache.org/v1");
    assertThat(application.path("kind").asText()).isEqualTo("SparkApplication");
    JsonNode spec = application.path("spec");
    assertThat(spec.path("mainClass").asText()).isEqualTo(Lockstep.class.getName());
    assertThat(spec.path("sparkConf"))
        .allSatisfy(value -> assertThat(value.isTextual()).as("%s", value).isTrue());
    List<String> words = new ArrayList<>();
    spec.path("driverArgs").forEach(word -> words.add(word.asText()));
    assertParsed(words);
  }

  @ParameterizedTest
  @ValueSource(strings = {"kubernetes/submit.sh", "yarn/submit.sh"})
  void scriptsAreBashAndGiveLockstepArgumentsThatItUnderstands(String file)
      throws IOException, InterruptedException {
    Path script = DEPLOY.resolve(file);
    assertThat(Files.isExecutable(script)).isTrue();
    Process bash = new ProcessBuilder("bash", "-n", script.toString()).inheritIO().start();
    assertThat(bash.waitFor()).isZero();
    String text = Files.readString(script);
    assertThat(text).contains("--class " + Lockstep.class.getName());
    Matcher train = Pattern.compile("\n  (train .*) \\$\\{settings").matcher(text);
    assertThat(train.find()).isTrue();
    assertParsed(List.of(train.group(1).replace("\"", "").split(" ")));
  }

  private static void assertParsed(List<String> words) {
    CommandLine.ParseResult parsed = Lockstep.commandLine().parseArgs(words.toArray(String[]::new));
    assertThat(parsed.subcommand().commandSpec().name()).isEqualTo("train");
    assertThat(parsed.subcommand().hasMatchedOption("--out")).isTrue();
  }

  @Test
  void theFirstLinesSayWhetherAFileWasRun() throws IOException {
    try (Stream<Path> files = Files.walk(DEPLOY)) {
      List<Path> ofClusters =
          files.filter(Files::isRegularFile).filter(f -> !f.getParent().equals(DEPLOY)).toList();
      assertThat(ofClusters).hasSizeGreaterThan(6);
      for (Path file : ofClusters) {
        List<String> lines = Files.readAllLines(file);
        String first = lines.get(lines.get(0).startsWith("#!") ? 1 : 0);
        assertThat(first).as("%s", file).matches("# (Not run|Run).*");
      }
    }
  }
}
