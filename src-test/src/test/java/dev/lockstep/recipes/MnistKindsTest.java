package dev.lockstep.recipes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.layer.Layers;
import dev.lockstep.optimizer.Optimizers;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The MLP with every activation and every optimiser, for one epoch over which the rate falls to 0:
 * at least 95 % of MNIST's test images.
 */
class MnistKindsTest {
  /** What cannot stand in for an activation. */
  private static final Set<String> OTHERS =
      Set.of("dense", "identity", "threshold", "softmax", "dropout", "noise");

  /** Initial weights and rates for Adam, where they are not {@link #USUAL}. */
  private static final Map<String, Start> STARTS =
      Map.of(
          "sigmoid", new Start("xavier-normal", 0.01),
          "tanh", new Start("xavier-normal", 0.003),
          "selu", new Start("lecun-normal", 0.003),
          "softplus", new Start("he-normal", 0.005));

  private static final Start USUAL = new Start("he-normal", 0.002);

  /** Rates of optimisers that want another one than Adam. */
  private static final Map<String, Double> RATES =
      Map.of(
          "sgd", 0.3,
          "momentum", 0.05,
          "nesterov", 0.05,
          "adagrad", 0.02,
          "adadelta", 2.0,
          "lars", 10.0,
          "lamb", 0.01);

  /** Initial weights and a rate. */
  private record Start(String scheme, double rate) {}

  @TempDir private Path directory;

  static List<String> activations() {
    return Layers.KINDS.names().stream().filter(name -> !OTHERS.contains(name)).toList();
  }

  static List<String> optimizers() {
    return Optimizers.KINDS.names();
  }

  @ParameterizedTest
  @MethodSource("activations")
  void everyActivationReaches95(String activation) throws IOException {
    Start start = STARTS.getOrDefault(activation, USUAL);
    String layers = "layers=[dense 256 %1$s, dense 128 %1$s, dense 64 %1$s, dense 10]";
    String maxout = "layers=[maxout 256, maxout 128, maxout 64, dense 10]";
    assertThat(
            train(
                activation.equals("maxout") ? maxout : layers.formatted(activation),
                "init.scheme=" + start.scheme(),
                "optimizer.learning-rate=" + start.rate()))
        .isGreaterThanOrEqualTo(0.95);
  }

  @ParameterizedTest
  @MethodSource("optimizers")
  void everyOptimizerReaches95(String optimizer) throws IOException {
    double rate = RATES.getOrDefault(optimizer, USUAL.rate());
    assertThat(train("optimizer.name=" + optimizer, "optimizer.learning-rate=" + rate))
        .isGreaterThanOrEqualTo(0.95);
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
