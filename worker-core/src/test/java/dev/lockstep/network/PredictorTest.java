package dev.lockstep.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import dev.lockstep.init.InitScheme;
import dev.lockstep.kernel.KernelChoice;
import dev.lockstep.kernel.Kernels;
import dev.lockstep.layer.Rows;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PredictorTest {
  private static final Network NETWORK =
      NetworkParser.parse(
          41, List.of("dense 70 relu dropout 0.5", "maxout 33", "dense 37 tanh", "dense 35"));
  private static final float[] PARAMETERS = InitScheme.heNormal().parameters(NETWORK.layout(), 3);
  private static final Kernels AUTO = KernelChoice.of("auto").kernels();

  /** Its header alone; the JVM's own doings may take less than that a call. */
  private static final int SMALLEST_OBJECT = 16;

  private final Predictor predictor = new Predictor(NETWORK, PARAMETERS, AUTO);

  /** More rows than a block has, with a rest; and fewer after more. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 255, 256, 257, 700})
  void aRowGivesTheSameBitsWithAnyOthers(int rows) {
    float[] x = draw(rows);
    float[] y = new float[rows * NETWORK.outputs()];
    predictor.predict(x, rows, y);
    assertThat(y).containsExactly(rowByRow(x, rows));
    predictor.predict(x, 1, y);
    assertThat(y).containsExactly(rowByRow(x, rows));
  }

  @Test
  void oneExample() {
    float[] x = draw(1);
    assertThat(predictor.predict(x)).containsExactly(rowByRow(x, 1));
  }

  @Test
  void bytesAreOver255() {
    int rows = 3;
    byte[] bytes = new byte[rows * NETWORK.inputs()];
    new SplittableRandom(9).nextBytes(bytes);
    float[] x = new float[bytes.length];
    for (int i = 0; i < x.length; i++) {
      x[i] = Byte.toUnsignedInt(bytes[i]) / 255f;
    }
    float[] y = new float[rows * NETWORK.outputs()];
    predictor.predict(bytes, rows, y);
    assertThat(y).containsExactly(rowByRow(x, rows));
  }

  @Test
  void manyThreadsShareOne() throws InterruptedException, ExecutionException {
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      List<Future<Boolean>> all = new ArrayList<>();
      for (int t = 0; t < 64; t++) {
        int rows = t % 2 == 0 ? 1 : 1 + t % 7;
        float[] x = draw(rows + 10 * t);
        float[] wanted = rowByRow(x, rows);
        all.add(
            threads.submit(
                () -> {
                  boolean isRight = true;
                  float[] y = new float[rows * NETWORK.outputs()];
                  for (int i = 0; i < 50; i++) {
                    predictor.predict(x, rows, y);
                    isRight &= Arrays.equals(y, wanted);
                  }
                  return isRight;
                }));
      }
      for (Future<Boolean> one : all) {
        assertThat(one.get()).isTrue();
      }
    } finally {
      threads.shutdownNow();
    }
  }

  /** With scalar kernels: those of vectors are boxed until they are compiled. */
  @ParameterizedTest
  @ValueSource(ints = {1, 64, 300})
  void allocatesNothing(int rows) {
    Predictor scalar = new Predictor(NETWORK, PARAMETERS, Kernels.SCALAR);
    float[] x = draw(rows);
    float[] y = new float[rows * NETWORK.outputs()];
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    for (int i = 0; i < 20; i++) {
      scalar.predict(x, rows, y);
      threads.getCurrentThreadAllocatedBytes();
    }
    int calls = 100;
    long before = threads.getCurrentThreadAllocatedBytes();
    for (int i = 0; i < calls; i++) {
      scalar.predict(x, rows, y);
    }
    long bytes = threads.getCurrentThreadAllocatedBytes() - before;
    assertThat(bytes / calls).as("bytes a call").isLessThan(SMALLEST_OBJECT);
  }

  @Test
  void refusesWhatDoesNotFit() {
    assertThatThrownBy(() -> predictor.predict(new float[40]))
        .hasMessage(
            "1 rows of 41 inputs in 40 elements, with 35 for outputs: want room for 41 inputs and 35 outputs of each");
    assertThatThrownBy(() -> predictor.predict(new float[82], 2, new float[69]))
        .hasMessageContaining("with 69 for outputs");
    assertThatThrownBy(() -> predictor.predict(new float[0], 0, new float[0]))
        .hasMessageContaining("0 rows");
    assertThatThrownBy(() -> new Predictor(NETWORK, new float[7], AUTO))
        .hasMessageContaining("7 parameters for a network of");
  }

  private static float[] draw(int rows) {
    SplittableRandom random = new SplittableRandom(rows);
    float[] x = new float[rows * NETWORK.inputs()];
    for (int i = 0; i < x.length; i++) {
      x[i] = random.nextFloat(-1f, 1f);
    }
    return x;
  }

  /** As training computes them: each row alone, with scalar kernels. */
  private static float[] rowByRow(float[] x, int rows) {
    float[] y = new float[rows * NETWORK.outputs()];
    Workspace work = new Workspace(NETWORK, 1);
    for (int r = 0; r < rows; r++) {
      for (int i = 0; i < NETWORK.inputs(); i++) {
        work.x().set(0, i, x[r * NETWORK.inputs() + i]);
      }
      NETWORK.forward(Kernels.SCALAR, Rows.evaluated(1), PARAMETERS, work);
      for (int o = 0; o < NETWORK.outputs(); o++) {
        y[r * NETWORK.outputs() + o] = work.y().get(0, o);
      }
    }
    return y;
  }
}
