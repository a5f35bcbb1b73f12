package dev.lockstep.bench;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.lockstep.data.ExampleFormat.Element;
import dev.lockstep.init.InitScheme;
import dev.lockstep.loss.MeanSquaredError;
import dev.lockstep.network.Network;
import dev.lockstep.network.NetworkParser;
import dev.lockstep.network.Predictor;
import dev.lockstep.serialization.model.Model;
import dev.lockstep.serialization.onnx.OnnxWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Outputs of 784-128-10 from floats in an array of Java's to floats in another: by the predictor in
 * one thread, and by ONNX Runtime in one and in as many as it takes. ONNX Runtime is spared what it
 * can be: its tensors stand over buffers outside of the heap that are made once.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(2)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 3, time = 1)
public class PredictorBenchmark {
  private static final int INPUTS = 784;
  private static final List<String> LAYERS = List.of("dense 128 relu", "dense 10");
  private static final float TOLERANCE = 1e-5f;

  /** Rows of a call. */
  @Param({"1", "64", "1024"})
  public int batch;

  private float[] x;
  private float[] y;
  private Predictor predictor;
  private OrtEnvironment environment;
  private OrtSession oneThread;
  private OrtSession byDefault;
  private FloatBuffer features;
  private FloatBuffer scores;
  private OnnxTensor input;
  private OnnxTensor output;

  /** Makes both sides, and checks that they agree. */
  @Setup
  public void prepare() throws IOException, OrtException {
    Network network = NetworkParser.parse(INPUTS, LAYERS);
    Model model =
        new Model(
            INPUTS,
            Element.FLOAT,
            LAYERS,
            new MeanSquaredError(),
            Optional.empty(),
            InitScheme.heNormal().parameters(network.layout(), 1));
    predictor = model.predictor();
    SplittableRandom random = new SplittableRandom(1);
    x = new float[batch * INPUTS];
    for (int i = 0; i < x.length; i++) {
      x[i] = random.nextFloat();
    }
    y = new float[batch * network.outputs()];
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    OnnxWriter.write(file, model, "bench");
    environment = OrtEnvironment.getEnvironment();
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(1);
      oneThread = environment.createSession(file.toByteArray(), options);
    }
    byDefault = environment.createSession(file.toByteArray());
    features = floats(x.length);
    scores = floats(y.length);
    input = OnnxTensor.createTensor(environment, features, new long[] {batch, INPUTS});
    output =
        OnnxTensor.createTensor(environment, scores, new long[] {batch, network.outputs()});
    check(oneThread);
    check(byDefault);
  }

  private static FloatBuffer floats(int count) {
    return ByteBuffer.allocateDirect(count * Float.BYTES)
        .order(ByteOrder.nativeOrder())
        .asFloatBuffer();
  }

  private void check(OrtSession session) throws OrtException {
    float[] theirs = run(session).clone();
    float[] ours = lockstep();
    for (int i = 0; i < ours.length; i++) {
      if (Math.abs(ours[i] - theirs[i]) > TOLERANCE) {
        throw new IllegalStateException(
            "output %d is %s here and %s there".formatted(i, ours[i], theirs[i]));
      }
    }
  }

  /** Lets go of what is outside of the heap. */
  @TearDown
  public void close() throws OrtException {
    input.close();
    output.close();
    oneThread.close();
    byDefault.close();
  }

  /** The predictor. */
  @Benchmark
  public float[] lockstep() {
    predictor.predict(x, batch, y);
    return y;
  }

  /** ONNX Runtime with one thread within operators. */
  @Benchmark
  public float[] onnxRuntimeOneThread() throws OrtException {
    return run(oneThread);
  }

  /** ONNX Runtime as it is by default: a thread for each core. */
  @Benchmark
  public float[] onnxRuntime() throws OrtException {
    return run(byDefault);
  }

  private float[] run(OrtSession session) throws OrtException {
    features.put(0, x);
    session
        .run(Map.of(OnnxWriter.FEATURES, input), Map.of(OnnxWriter.SCORES, output))
        .close();
    scores.get(0, y);
    return y;
  }
}
