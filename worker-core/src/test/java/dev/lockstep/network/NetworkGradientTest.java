package dev.lockstep.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.lockstep.fixture.CentralDifferences;
import dev.lockstep.fixture.KernelWidths;
import dev.lockstep.fixture.ReferenceNetwork;
import dev.lockstep.fixture.ReferenceNetwork.Stage;
import dev.lockstep.kernel.Kernels;
import dev.lockstep.kernel.RowSegments;
import dev.lockstep.layer.Rows;
import dev.lockstep.loss.SoftmaxCrossEntropy;
import dev.lockstep.loss.Targets;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Backward against central differences of an independent forward in double precision. */
class NetworkGradientTest {
  private static final int ROWS = 7;

  /** Three shards: (2 + 1) + 4 rows. */
  private static final RowSegments SEGMENTS = segments();

  private final SplittableRandom random = new SplittableRandom(3);

  private static RowSegments segments() {
    RowSegments.Builder program = new RowSegments.Builder();
    program.addRun(2);
    program.addRun(1);
    program.merge();
    program.addRun(4);
    program.merge();
    return program.build(false);
  }

  static Stream<ReferenceNetwork> networks() {
    return Stream.of("identity", "relu", "sigmoid", "tanh")
        .flatMap(
            a ->
                Stream.of(
                    new ReferenceNetwork(7, List.of(new Stage(5, a))),
                    new ReferenceNetwork(9, List.of(new Stage(33, a), new Stage(5, "identity"))),
                    new ReferenceNetwork(
                        33, List.of(new Stage(13, a), new Stage(35, a), new Stage(3, a)))));
  }

  @ParameterizedTest
  @MethodSource("networks")
  void backwardIsTheDerivativeOfForward(ReferenceNetwork reference) {
    Network network = NetworkParser.parse(reference.inputs(), reference.entries());
    float[][] x = drawInputs(network.inputs());
    int[] targets = random.ints(ROWS, 0, network.outputs()).toArray();
    CentralDifferences expected = new CentralDifferences(reference, x, targets, random);
    float[] parameters = expected.parameters(network);
    for (Kernels kernels : KernelWidths.all()) {
      Workspace work = new Workspace(network, ROWS + 2);
      for (int r = 0; r < ROWS; r++) {
        for (int i = 0; i < network.inputs(); i++) {
          work.x().set(r, i, x[r][i]);
        }
      }
      float[] losses = new float[ROWS];
      float[] gradient = new float[parameters.length];
      network.forward(kernels, Rows.learned(SEGMENTS), parameters, work);
      new SoftmaxCrossEntropy()
          .lossAndGradient(kernels, ROWS, work.y(), Targets.ofClasses(targets), losses, work.dy());
      network.transpose(kernels, parameters, work);
      network.backward(kernels, Rows.learned(SEGMENTS), parameters, gradient, work);

      double loss = 0;
      for (float l : losses) {
        loss += l;
      }
      assertThat(loss).isCloseTo(expected.loss(), within(1e-5 * expected.loss()));
      expected.assertClose(network, gradient, 1e-4);
    }
  }

  private float[][] drawInputs(int inputs) {
    float[][] x = new float[ROWS][inputs];
    for (float[] row : x) {
      for (int i = 0; i < inputs; i++) {
        row[i] = random.nextFloat(-1f, 1f);
      }
    }
    return x;
  }
}
