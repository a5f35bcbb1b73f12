package dev.lockstep.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.lockstep.data.BatchPlan;
import dev.lockstep.data.ExampleSource;
import dev.lockstep.data.Shard;
import dev.lockstep.data.Split;
import dev.lockstep.engine.LocalEngine;
import dev.lockstep.engine.Round;
import dev.lockstep.engine.State;
import dev.lockstep.engine.Training;
import dev.lockstep.init.InitScheme;
import dev.lockstep.kernel.KernelChoice;
import dev.lockstep.loss.SoftmaxCrossEntropy;
import dev.lockstep.network.NetworkParser;
import dev.lockstep.network.Predictor;
import dev.lockstep.optimizer.Momentum;
import dev.lockstep.schedule.Constant;
import dev.lockstep.serialization.model.Model;
import dev.lockstep.serialization.onnx.OnnxWriter;
import dev.lockstep.source.DataSets;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** ONNX Runtime and the predictor on real images, after some training. */
class MnistOnnxTest {
  private static final int IMAGES = 1000;
  private static final int BATCH = 128;
  private static final int STEPS = 300;
  private static final int CLASSES = 10;
  private static final List<String> LAYERS = List.of("dense 128 relu", "dense 10");

  @Test
  void scoresAreThoseOfThePredictor() throws IOException, OrtException {
    Path mnist = Path.of(System.getProperty("lockstep.mnist", "lockstep.mnist is not set"));
    assumeTrue(Files.isDirectory(mnist), "SKIPPED: the real MNIST is not at " + mnist);
    Model model = train(DataSets.open(mnist.toString(), Split.TRAIN));
    Images images = Images.of(DataSets.open(mnist.toString(), Split.TEST));
    Predictor predictor = model.predictor();
    float[] wanted = new float[IMAGES * CLASSES];
    predictor.predict(images.pixels(), IMAGES, wanted);
    int right = 0;
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    OnnxWriter.write(file, model, "test");
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    long[] shape = {IMAGES, predictor.inputs()};
    FloatBuffer features = FloatBuffer.wrap(images.asFloats());
    try (OrtSession session = environment.createSession(file.toByteArray());
        OnnxTensor input = OnnxTensor.createTensor(environment, features, shape);
        OrtSession.Result result = session.run(Map.of(OnnxWriter.FEATURES, input))) {
      float[][] scores = (float[][]) result.get(OnnxWriter.SCORES).orElseThrow().getValue();
      float[][] probabilities =
          (float[][]) result.get(OnnxWriter.PROBABILITIES).orElseThrow().getValue();
      for (int r = 0; r < IMAGES; r++) {
        double sum = 0;
        for (int c = 0; c < CLASSES; c++) {
          assertThat(scores[r][c])
              .as("score of class %d, image %d", c, r)
              .isCloseTo(wanted[r * CLASSES + c], within(1e-5f));
          sum += StrictMath.exp(wanted[r * CLASSES + c]);
        }
        int best = 0;
        for (int c = 0; c < CLASSES; c++) {
          assertThat((double) probabilities[r][c])
              .as("probability of class %d, image %d", c, r)
              .isCloseTo(StrictMath.exp(wanted[r * CLASSES + c]) / sum, within(1e-5));
          best = probabilities[r][c] > probabilities[r][best] ? c : best;
        }
        right += best == images.labels()[r] ? 1 : 0;
      }
    }
    // It has learned: what agrees is no network of noise.
    assertThat(right).isGreaterThan(900);
  }

  private static Model train(ExampleSource source) throws IOException {
    BatchPlan plan = new BatchPlan(source.examples(), BATCH, BatchPlan.autoShards(BATCH), 1, true);
    Training training =
        new Training(
            NetworkParser.parse(source.features(), LAYERS),
            new SoftmaxCrossEntropy(),
            new Momentum(0.9f, false),
            new Constant(0.05),
            plan);
    State state =
        State.initial(training, InitScheme.heNormal().parameters(training.network().layout(), 1));
    List<Shard> shards = Shard.read(source, plan, 0, plan.shards(), CLASSES);
    try (LocalEngine engine =
        new LocalEngine(training, shards, KernelChoice.of("auto").kernels())) {
      state = engine.advance(state, new Round(0, STEPS)).state();
    }
    return new Model(source.features(), LAYERS, training.loss(), state.parameters().toFlat());
  }

  /** The first images of a set, as bytes. */
  private record Images(byte[] pixels, int[] labels) {
    static Images of(ExampleSource source) throws IOException {
      int size = source.features();
      byte[] pixels = new byte[IMAGES * size];
      int[] labels = new int[IMAGES];
      source.read(
          index -> index < IMAGES,
          (index, bytes, offset, label) -> {
            bytes.get(offset, pixels, (int) index * size, size);
            labels[(int) index] = label;
          });
      return new Images(pixels, labels);
    }

    float[] asFloats() {
      float[] floats = new float[pixels.length];
      for (int i = 0; i < floats.length; i++) {
        floats[i] = Byte.toUnsignedInt(pixels[i]);
      }
      return floats;
    }
  }
}
