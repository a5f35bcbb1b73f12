package dev.lockstep.recipes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.layer.Layers;
import dev.lockstep.optimizer.Optimizers;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The MLP with every activation and every optimiser, for one epoch over which the rate falls to 0:
 * at least 95 % of MNIST's test images.
 */
class MnistKindsTest {
  /** What is no activation: they cannot stand in for one. */
  private static final Set<String> OTHERS =
      Set.of("dense", "identity", "threshold", "softmax", "dropout", "noise");

  @TempDir private Path directory;

  /**
   * An activation and what goes with it.
   *
   * @param scheme initial weights
   * @param rate for Adam
   */
  record Activation(String name, String scheme, double rate) {
    String layers() {
      return name.equals("maxout")
          ? "maxout 256, maxout 128, maxout 64, dense 10"
          : "dense 256 %1$s, dense 128 %1$s, dense 64 %1$s, dense 10".formatted(name);
    }
  }

  static Stream<Activation> activations() {
    return Stream.of(
        new Activation("sigmoid", "xavier-normal", 0.01),
        new Activation("tanh", "xavier-normal", 0.003),
        new Activation("relu", "he-normal", 0.002),
        new Activation("leaky-relu", "he-normal", 0.002),
        new Activation("prelu", "he-normal", 0.002),
        new Activation("elu", "he-normal", 0.002),
        new Activation("selu", "lecun-normal", 0.003),
        new Activation("softplus", "he-normal", 0.005),
        new Activation("gelu", "he-normal", 0.002),
        new Activation("gelu-tanh", "he-normal", 0.002),
        new Activation("silu", "he-normal", 0.002),
        new Activation("maxout", "he-normal", 0.002));
  }

  /** An optimiser and a rate that suits it. */
  record Rule(String name, double rate) {}

  static Stream<Rule> optimizers() {
    return Stream.of(
        new Rule("sgd", 0.3),
        new Rule("momentum", 0.05),
        new Rule("nesterov", 0.05),
        new Rule("adagrad", 0.02),
        new Rule("rmsprop", 0.002),
        new Rule("adadelta", 2),
        new Rule("adam", 0.002),
        new Rule("amsgrad", 0.002),
        new Rule("adamw", 0.002),
        new Rule("nadam", 0.002));
  }

  @ParameterizedTest
  @MethodSource("activations")
  void everyActivationReaches95(Activation activation) throws IOException {
    assertThat(
            train(
                "layers=[%s]".formatted(activation.layers()),
                "init.scheme=" + activation.scheme(),
                "optimizer.learning-rate=" + activation.rate()))
        .isGreaterThanOrEqualTo(0.95);
  }

  @ParameterizedTest
  @MethodSource("optimizers")
  void everyOptimizerReaches95(Rule rule) throws IOException {
    assertThat(train("optimizer.name=" + rule.name(), "optimizer.learning-rate=" + rule.rate()))
        .isGreaterThanOrEqualTo(0.95);
  }

  @Test
  void everyKindHasARow() {
    Set<String> activations = new HashSet<>(Layers.KINDS.names());
    activations.removeAll(OTHERS);
    assertThat(activations().map(Activation::name).collect(Collectors.toSet()))
        .isEqualTo(activations);
    assertThat(optimizers().map(Rule::name).toList())
        .containsExactlyInAnyOrderElementsOf(List.copyOf(Optimizers.KINDS.names()));
  }

  private double train(String... settings) throws IOException {
    return Recipe.onMnist("mnist-mlp.conf")
        .set("batch-size=128", "epochs=1")
        .set("schedule.name=cosine", "schedule.factor=auto", "schedule.every=auto")
        .set(settings)
        .train(directory)
        .accuracy();
  }
}
