package dev.lockstep.serialization.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.lockstep.serialization.model.Model;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.util.Map;

/** A model that ONNX Runtime has read. */
final class OnnxRun implements AutoCloseable {
  private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
  private final OrtSession session;

  OnnxRun(byte[] file) throws OrtException {
    session = environment.createSession(file);
  }

  static OnnxRun of(Model model) throws IOException, OrtException {
    return new OnnxRun(bytes(model));
  }

  static byte[] bytes(Model model) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    OnnxWriter.write(out, model, "test");
    return out.toByteArray();
  }

  OrtSession session() {
    return session;
  }

  /** An output of so many rows. */
  float[][] run(float[] x, int rows, String output) throws OrtException {
    long[] shape = {rows, x.length / rows};
    try (OnnxTensor features = OnnxTensor.createTensor(environment, FloatBuffer.wrap(x), shape);
        OrtSession.Result result = session.run(Map.of(OnnxWriter.FEATURES, features))) {
      return (float[][]) result.get(output).orElseThrow().getValue();
    }
  }

  @Override
  public void close() throws OrtException {
    session.close();
  }
}
