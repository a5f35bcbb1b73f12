package dev.lockstep.bench;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtModel;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.training.ParameterStore;
import dev.lockstep.data.Split;
import dev.lockstep.data.SyntheticDigits;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.Random;

/**
 * LibTorch, training in a loop of TorchScript (src/bench/python makes it): hundreds of steps in one
 * call, over data that lies in memory as floats, one gather of rows a step.
 */
final class TorchSide implements Side {
  private static final double CALL_SECONDS = 0.5;

  private final PtNDManager manager;
  private final PtSymbolBlock loop;
  private final ParameterStore parameters;
  private final PtNDArray x;
  private final PtNDArray labels;
  private final PtNDArray order;
  private final int batch;
  private long step;
  private int callSteps = 20;

  /**
   * The loop, with data and a thread pool.
   *
   * @param form autograd or by_hand
   * @param asBytes whether x is held as bytes, and made floats batch by batch
   */
  TorchSide(String form, int threads, int batch, boolean asBytes, boolean optimizes)
      throws Exception {
    this.batch = batch;
    Engine.getEngine("PyTorch");
    JniUtils.setNumThreads(threads);
    JniUtils.setGraphExecutorOptimize(optimizes);
    PtModel model = (PtModel) ai.djl.Model.newInstance("loop", "PyTorch");
    try (InputStream file = TorchSide.class.getResourceAsStream("libtorch-%s.pt".formatted(form))) {
      model.load(file, null);
    }
    loop = (PtSymbolBlock) model.getBlock();
    manager = (PtNDManager) model.getNDManager();
    parameters = new ParameterStore(manager, false);
    SyntheticDigits digits = new SyntheticDigits(EXAMPLES, 1, Split.TRAIN);
    ByteBuffer pixels = ByteBuffer.allocateDirect(EXAMPLES * digits.features());
    long[] classes = new long[EXAMPLES];
    digits.read(
        example -> true,
        (example, bytes, offset, label) -> {
          pixels.put(bytes.slice(offset, digits.features()));
          classes[(int) example] = label;
        });
    pixels.flip();
    x = asBytes ? bytes(pixels, digits.features()) : floats(pixels, digits.features());
    labels = longs(classes);
    order = longs(permutation());
  }

  private PtNDArray bytes(ByteBuffer pixels, int features) {
    return manager.create(pixels, new Shape(EXAMPLES, features), DataType.UINT8);
  }

  private PtNDArray floats(ByteBuffer pixels, int features) {
    float[] values = new float[EXAMPLES * features];
    for (int i = 0; i < values.length; i++) {
      values[i] = (pixels.get(i) & 0xff) / 255f;
    }
    return (PtNDArray) manager.create(FloatBuffer.wrap(values), new Shape(EXAMPLES, features));
  }

  private PtNDArray longs(long... values) {
    return manager.create(LongBuffer.wrap(values), new Shape(values.length), DataType.INT64);
  }

  private static long[] permutation() {
    long[] order = new long[EXAMPLES];
    Random random = new Random(1);
    for (int i = 0; i < EXAMPLES; i++) {
      int j = random.nextInt(i + 1);
      order[i] = order[j];
      order[j] = i;
    }
    return order;
  }

  @Override
  public Speed run(double seconds) throws IOException {
    long start = System.nanoTime();
    long steps = 0;
    double took;
    do {
      train(callSteps);
      steps += callSteps;
      took = (System.nanoTime() - start) / 1e9;
      callSteps = (int) Math.max(1, Math.ceil(CALL_SECONDS * steps / took));
    } while (took < seconds);
    return Speed.of(steps * batch / took);
  }

  private void train(int steps) throws IOException {
    // As in training: for inference DJL forbids LibTorch to record what autograd needs.
    try (PtNDArray plan = longs(batch, step, steps);
        NDList result = loop.forward(parameters, new NDList(x, labels, order, plan), true)) {
      step += steps;
      float mean = result.singletonOrThrow().toFloatArray()[0];
      if (!Float.isFinite(mean)) {
        throw new IOException("LibTorch's loss is " + mean);
      }
    }
  }
}
