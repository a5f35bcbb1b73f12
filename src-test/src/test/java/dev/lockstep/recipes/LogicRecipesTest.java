package dev.lockstep.recipes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.kernel.KernelChoice;
import dev.lockstep.kernel.Kernels;
import dev.lockstep.layer.Rows;
import dev.lockstep.network.Network;
import dev.lockstep.network.NetworkParser;
import dev.lockstep.network.Workspace;
import dev.lockstep.serialization.model.Model;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What one perceptron can learn, and what takes a hidden layer. */
class LogicRecipesTest {
  private static final String ONE_LAYER = "layers=[dense 1]";

  @TempDir private Path directory;

  private double xor(String... settings) throws IOException {
    return Recipe.of("xor.conf").set("engine=local").set(settings).train(directory).accuracy();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void twoLayersSolveXor(int seed) throws IOException {
    assertThat(xor("seed=" + seed)).isEqualTo(1);
  }

  /** Minsky and Papert, "Perceptrons", 1969: a line leaves at least one row on the wrong side. */
  @ParameterizedTest
  @ValueSource(strings = {"sigmoid-cross-entropy", "hinge", "mean-squared-error"})
  void oneLayerCannot(String loss) throws IOException {
    for (int seed = 1; seed <= 3; seed++) {
      assertThat(xor(ONE_LAYER, "loss.name=" + loss, "optimizer.name=sgd", "seed=" + seed))
          .isLessThanOrEqualTo(0.75);
    }
  }

  /** It is not for want of training: the same layer, trained alike, solves the gates. */
  @ParameterizedTest
  @ValueSource(strings = {"and", "or", "nand"})
  void oneLayerCanDoOtherGates(String gate) throws IOException {
    assertThat(xor(ONE_LAYER, "data.uri=synthetic:gate?of=%s&n=400".formatted(gate))).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({"and, 0001", "or, 0111", "not, 10"})
  void aPerceptronLearnsAGate(String gate, String outputs) throws IOException {
    Recipe.Run run =
        Recipe.of("gates.conf")
            .set("engine=local", "data.uri=synthetic:gate?of=%s&n=40".formatted(gate))
            .train(directory);
    assertThat(run.accuracy()).isEqualTo(1);
    assertThat(fire(Model.read(run.directory().resolve("model")), outputs.length()))
        .isEqualTo(outputs);
  }

  /** The outputs for each row of a truth table, once a threshold stands behind what was learned. */
  private static String fire(Model model, int count) {
    int inputs = model.network().inputs();
    Network network = NetworkParser.parse(inputs, List.of("dense 1", "threshold"));
    assertThat(network.layout().length()).isEqualTo(model.parameters().length);
    Workspace work = new Workspace(network, count);
    for (int r = 0; r < count; r++) {
      for (int i = 0; i < inputs; i++) {
        work.x().set(r, i, r >> (inputs - 1 - i) & 1);
      }
    }
    Kernels kernels = KernelChoice.of("auto").kernels();
    network.forward(kernels, Rows.evaluated(count), model.parameters(), work);
    StringBuilder outputs = new StringBuilder();
    for (int r = 0; r < count; r++) {
      assertThat(work.y().get(r, 0)).isIn(0f, 1f);
      outputs.append((int) work.y().get(r, 0));
    }
    return outputs.toString();
  }
}
