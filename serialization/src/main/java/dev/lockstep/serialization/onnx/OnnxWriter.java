package dev.lockstep.serialization.onnx;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.Version;
import dev.lockstep.data.ExampleFormat.Element;
import dev.lockstep.layer.Layer;
import dev.lockstep.loss.SigmoidCrossEntropy;
import dev.lockstep.loss.SoftmaxCrossEntropy;
import dev.lockstep.network.Network;
import dev.lockstep.network.ParameterTensor;
import dev.lockstep.serialization.model.Model;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Writes a model as ONNX, operator set 17: the same model gives the same bytes.
 *
 * <p>Its input is {@value #FEATURES}, float[batch, I], as the data have it: of a model that was
 * trained on bytes, numbers from 0 to 255. What becomes of them (a 255th, normalisation) is within
 * the graph. Its outputs:
 *
 * <ul>
 *   <li>{@value #SCORES}, float[batch, O]: outputs of the last layer, as {@link
 *       dev.lockstep.network.Predictor} gives them;
 *   <li>{@value #PROBABILITIES}, float[batch, C]: where the loss makes probabilities of them, which
 *       is softmax cross-entropy, and sigmoid cross-entropy of one output, of which C = 2 classes
 *       come.
 * </ul>
 *
 * <p>Weights have the names, shapes and values that they have in {@value Model#TENSORS}.
 */
public final class OnnxWriter {
  /** The input. */
  public static final String FEATURES = "features";

  /** The output of the last layer. */
  public static final String SCORES = "scores";

  /** What the loss makes of it. */
  public static final String PROBABILITIES = "probabilities";

  private static final int OPERATOR_SET = 17;
  private static final String PRODUCER = "lockstep";
  private static final double BYTE = 255;

  /** What protobuf lets a message have, less what is more than enough for all but the weights. */
  private static final long MAX_WEIGHT_BYTES = Integer.MAX_VALUE - (16L << 20);

  private OnnxWriter() {}

  /**
   * Writes a model and flushes the stream, which stays open.
   *
   * @param version of the program, for the reader
   * @throws NoOnnxFormException before anything is written, if a layer is of a user's kind or the
   *     weights are too many for a file of this format
   * @throws IOException if the stream fails
   */
  public static void write(OutputStream out, Model model, String version) throws IOException {
    Network network = model.network();
    LayerForms.check(network);
    checkSize(network);
    ModelProto.Builder file =
        ModelProto.newBuilder()
            .setIrVersion(Version.IR_VERSION_2021_7_30.getNumber())
            .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(OPERATOR_SET))
            .setProducerName(PRODUCER)
            .setProducerVersion(version);
    metadata(model)
        .forEach(
            (key, value) ->
                file.addMetadataProps(
                    StringStringEntryProto.newBuilder().setKey(key).setValue(value)));
    OnnxGraph graph = graph(model, network);
    file.setGraph(graph.build()).build().writeTo(out);
    out.flush();
  }

  private static void checkSize(Network network) {
    long bytes = network.layout().parameters() * Float.BYTES;
    if (bytes > MAX_WEIGHT_BYTES) {
      throw new NoOnnxFormException(
          "the model has %d bytes of weights; a file of ONNX has at most %d, so export it as safetensors"
              .formatted(bytes, MAX_WEIGHT_BYTES));
    }
  }

  private static Map<String, String> metadata(Model model) {
    return new TreeMap<>(
        Map.of(
            "model_sha256",
            model.sha256(),
            "layers",
            String.join(", ", model.layers()),
            "loss",
            model.loss().name()));
  }

  private static OnnxGraph graph(Model model, Network network) {
    OnnxGraph graph = new OnnxGraph(PRODUCER);
    String value = graph.input(FEATURES, network.inputs());
    if (model.element() == Element.BYTE) {
      value = graph.node("Div", value, graph.constant(BYTE));
    }
    Iterator<ParameterTensor> tensors = network.layout().tensors().iterator();
    for (Layer layer : network.layers()) {
      List<String> names = new ArrayList<>();
      for (int t = 0; t < layer.tensors().size(); t++) {
        ParameterTensor tensor = tensors.next();
        float[] values = tensor.toFileOrder(model.parameters());
        names.add(graph.constant(tensor.name(), tensor.fileShape(), values));
      }
      value = LayerForms.add(layer, value, names, graph);
    }
    String scores = graph.output(value, SCORES, network.outputs());
    if (model.loss() instanceof SoftmaxCrossEntropy) {
      graph.output(LayerForms.softmax(scores, graph), PROBABILITIES, network.outputs());
    } else if (model.loss() instanceof SigmoidCrossEntropy && network.outputs() == 1) {
      graph.output(ofOneOutput(scores, graph), PROBABILITIES, 2);
    }
    return graph;
  }

  /** Of class 0 and of class 1, the sigmoids of minus the score and of the score. */
  private static String ofOneOutput(String scores, OnnxGraph graph) {
    String both =
        graph.node(
            "Concat", List.of(OnnxGraph.attribute("axis", 1L)), graph.node("Neg", scores), scores);
    return graph.node("Sigmoid", both);
  }
}
