package dev.lockstep.serialization.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.TensorInfo;
import dev.lockstep.data.ExampleFormat.Element;
import dev.lockstep.kernel.Kernels;
import dev.lockstep.layer.Layer;
import dev.lockstep.layer.Layers;
import dev.lockstep.layer.Normalize;
import dev.lockstep.layer.Operands;
import dev.lockstep.layer.Rows;
import dev.lockstep.loss.Loss;
import dev.lockstep.loss.MeanSquaredError;
import dev.lockstep.loss.SigmoidCrossEntropy;
import dev.lockstep.loss.SoftmaxCrossEntropy;
import dev.lockstep.network.Network;
import dev.lockstep.network.Predictor;
import dev.lockstep.serialization.model.Model;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is written is read by ONNX Runtime, and says what the predictor says. */
class OnnxWriterTest {
  private static final int INPUTS = 37;
  private static final int ROWS = 19;
  private static final float TOLERANCE = 1e-5f;

  /** What an entry of a kind must say beside its name. */
  private static final Map<String, String> REQUIRED =
      Map.of("dense", "41", "maxout", "35", "dropout", "0.5", "noise", "0.5");

  /** All that the class path has: a kind without a form fails here. */
  static List<String> kinds() {
    return Layers.KINDS.names();
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void everyKindOfLayer(String kind) throws IOException, OrtException {
    String entry = REQUIRED.containsKey(kind) ? kind + " " + REQUIRED.get(kind) : kind;
    assertSameScores(model(List.of("dense 37", entry)));
    if (!kind.equals("identity")) {
      assertSameScores(model(List.of(entry)));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "leaky-relu 0.3",
        "prelu shared",
        "elu 1.7",
        "threshold 0.25",
        "maxout 70 5",
        "maxout 1 3",
        "dropout 0.3 tanh dropout 0.2",
        "dense 64 gelu dense 33 silu dense 7 softmax"
      })
  void settingsAndChains(String entry) throws IOException, OrtException {
    assertSameScores(model(List.of(entry)));
    assertSameScores(model(List.of("dense 33", entry)));
  }

  @Test
  void inputsAreAsTheDataHaveThem() throws IOException, OrtException {
    SplittableRandom random = new SplittableRandom(3);
    Normalize normalize = new Normalize(draw(INPUTS, random), draw(INPUTS, random));
    Model bytes =
        model(Element.BYTE, List.of("dense 10"), new SoftmaxCrossEntropy(), Optional.of(normalize));
    float[] pixels = new float[ROWS * INPUTS];
    float[] x = new float[ROWS * INPUTS];
    for (int i = 0; i < x.length; i++) {
      pixels[i] = random.nextInt(256);
      x[i] = pixels[i] / 255f;
    }
    try (OnnxRun onnx = OnnxRun.of(bytes)) {
      assertClose(onnx.run(pixels, ROWS, OnnxWriter.SCORES), scores(bytes, x));
    }
    assertSameScores(
        model(
            Element.FLOAT, List.of("dense 10"), new SoftmaxCrossEntropy(), Optional.of(normalize)));
  }

  @Test
  void anyNumberOfRows() throws IOException, OrtException {
    Model model = model(List.of("maxout 9 3", "dense 4"));
    try (OnnxRun onnx = OnnxRun.of(model)) {
      for (int rows : new int[] {1, 2, 300}) {
        float[] x = draw(rows * INPUTS, new SplittableRandom(rows));
        assertClose(onnx.run(x, rows, OnnxWriter.SCORES), scores(model, x));
      }
    }
  }

  @Test
  void probabilitiesWhereTheLossMakesThem() throws IOException, OrtException {
    Model many =
        model(Element.FLOAT, List.of("dense 3"), new SoftmaxCrossEntropy(), Optional.empty());
    float[] x = draw(ROWS * INPUTS, new SplittableRandom(8));
    try (OnnxRun onnx = OnnxRun.of(many)) {
      float[] scores = scores(many, x);
      float[][] probabilities = onnx.run(x, ROWS, OnnxWriter.PROBABILITIES);
      for (int r = 0; r < ROWS; r++) {
        double sum = 0;
        for (int c = 0; c < 3; c++) {
          sum += StrictMath.exp(scores[r * 3 + c]);
        }
        for (int c = 0; c < 3; c++) {
          double wanted = StrictMath.exp(scores[r * 3 + c]) / sum;
          assertThat((double) probabilities[r][c]).isCloseTo(wanted, within(1e-5));
        }
      }
    }
    Model one =
        model(
            Element.FLOAT,
            List.of("dense 1"),
            new SigmoidCrossEntropy(0, List.of()),
            Optional.empty());
    try (OnnxRun onnx = OnnxRun.of(one)) {
      float[] scores = scores(one, x);
      float[][] probabilities = onnx.run(x, ROWS, OnnxWriter.PROBABILITIES);
      for (int r = 0; r < ROWS; r++) {
        double wanted = 1 / (1 + StrictMath.exp(-scores[r]));
        assertThat((double) probabilities[r][1]).isCloseTo(wanted, within(1e-5));
        assertThat((double) probabilities[r][0]).isCloseTo(1 - wanted, within(1e-5));
      }
    }
  }

  @Test
  void saysWhatItIs() throws IOException, OrtException {
    Model model = model(List.of("dense 33 relu", "dense 4"));
    try (OnnxRun onnx = OnnxRun.of(model)) {
      assertThat(shape(onnx.session().getInputInfo().get("features"))).containsExactly(-1, INPUTS);
      assertThat(onnx.session().getOutputNames()).containsExactly("scores");
      assertThat(shape(onnx.session().getOutputInfo().get("scores"))).containsExactly(-1, 4);
      assertThat(onnx.session().getMetadata().getProducerName()).isEqualTo("lockstep");
      assertThat(onnx.session().getMetadata().getCustomMetadata())
          .containsEntry("model_sha256", model.sha256())
          .containsEntry("layers", "dense 33 relu, dense 4")
          .containsEntry("loss", "mean-squared-error");
    }
    ModelProto file = ModelProto.parseFrom(OnnxRun.bytes(model));
    assertThat(file.getIrVersion()).isEqualTo(8);
    assertThat(file.getOpsetImport(0).getVersion()).isEqualTo(17);
    assertThat(file.getProducerVersion()).isEqualTo("test");
    assertThat(
            file.getGraph().getInitializerList().stream().map(t -> t.getName() + t.getDimsList()))
        .containsExactly(
            "layers.0.weight[33, 37]",
            "layers.0.bias[33]",
            "layers.1.weight[4, 33]",
            "layers.1.bias[4]");
    assertThat(OnnxRun.bytes(model)).isEqualTo(OnnxRun.bytes(model));
  }

  private static long[] shape(NodeInfo info) {
    return ((TensorInfo) info.getInfo()).getShape();
  }

  @Test
  void refusesLayersOfUsers() {
    Network network = Network.of(List.of(new Own()));
    assertThatThrownBy(() -> LayerForms.check(network))
        .isInstanceOf(NoOnnxFormException.class)
        .hasMessageStartingWith("layer 1 (own 2) is of a kind that has no form in ONNX");
  }

  @Test
  void refusesWhatNoFileHolds() {
    Model large =
        new Model(
            30_000,
            Element.FLOAT,
            List.of("dense 20000"),
            new SoftmaxCrossEntropy(),
            Optional.empty(),
            new float[0]);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    assertThatThrownBy(() -> OnnxWriter.write(out, large, "test"))
        .isInstanceOf(NoOnnxFormException.class)
        .hasMessageContaining("has 2400080000 bytes of weights");
    assertThat(out.size()).isZero();
  }

  /** A layer of a user's jar. */
  private record Own() implements Layer {
    @Override
    public String describe() {
      return "own 2";
    }

    @Override
    public int inputs() {
      return 2;
    }

    @Override
    public int outputs() {
      return 2;
    }

    @Override
    public boolean readsInput() {
      return false;
    }

    @Override
    public boolean readsOutput() {
      return false;
    }

    @Override
    public void forward(Kernels kernels, Rows rows, Operands operands) {
      throw new UnsupportedOperationException("only described");
    }

    @Override
    public void backward(Kernels kernels, Rows rows, Operands operands) {
      throw new UnsupportedOperationException("only described");
    }

    @Override
    public double[] exact(double[] x, double[][] w, Rows rows, int row) {
      return x;
    }
  }

  private static void assertSameScores(Model model) throws IOException, OrtException {
    float[] x = draw(ROWS * INPUTS, new SplittableRandom(11));
    try (OnnxRun onnx = OnnxRun.of(model)) {
      assertClose(onnx.run(x, ROWS, OnnxWriter.SCORES), scores(model, x));
    }
  }

  private static void assertClose(float[][] found, float[] wanted) {
    int outputs = found[0].length;
    assertThat(found.length * outputs).isEqualTo(wanted.length);
    for (int r = 0; r < found.length; r++) {
      for (int o = 0; o < outputs; o++) {
        assertThat(found[r][o])
            .as("row %d, output %d", r, o)
            .isCloseTo(wanted[r * outputs + o], within(TOLERANCE));
      }
    }
  }

  private static float[] scores(Model model, float[] x) {
    Network network = model.network();
    int rows = x.length / network.inputs();
    float[] y = new float[rows * network.outputs()];
    new Predictor(network, model.parameters(), Kernels.SCALAR).predict(x, rows, y);
    return y;
  }

  private static Model model(List<String> layers) {
    return model(Element.FLOAT, layers, new MeanSquaredError(), Optional.empty());
  }

  /** With weights such that outputs are of the size of inputs. */
  private static Model model(
      Element element, List<String> layers, Loss loss, Optional<Normalize> normalize) {
    Network network = new Model(INPUTS, layers, loss, new float[0]).network();
    SplittableRandom random = new SplittableRandom(7);
    float[] parameters = new float[network.layout().length()];
    network
        .layout()
        .tensors()
        .forEach(
            tensor -> {
              float[] values = draw(tensor.size(), random);
              float size = (float) (1 / Math.sqrt(INPUTS));
              for (int i = 0; i < values.length; i++) {
                values[i] *= size;
              }
              tensor.fromFileOrder(values, parameters);
            });
    return new Model(INPUTS, element, layers, loss, normalize, parameters);
  }

  private static float[] draw(int count, SplittableRandom random) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }
}
