package dev.lockstep.serialization.onnx;

import static dev.lockstep.serialization.onnx.OnnxGraph.attribute;
import static dev.lockstep.serialization.onnx.OnnxGraph.attributes;

import ai.onnx.proto.OnnxMl.TensorProto;
import dev.lockstep.layer.Dense;
import dev.lockstep.layer.Dropout;
import dev.lockstep.layer.Elu;
import dev.lockstep.layer.Gelu;
import dev.lockstep.layer.GeluTanh;
import dev.lockstep.layer.Layer;
import dev.lockstep.layer.LeakyRelu;
import dev.lockstep.layer.Maxout;
import dev.lockstep.layer.Noise;
import dev.lockstep.layer.Normalize;
import dev.lockstep.layer.Prelu;
import dev.lockstep.layer.Relu;
import dev.lockstep.layer.Selu;
import dev.lockstep.layer.Sigmoid;
import dev.lockstep.layer.Silu;
import dev.lockstep.layer.Softmax;
import dev.lockstep.layer.Softplus;
import dev.lockstep.layer.Tanh;
import dev.lockstep.layer.Threshold;
import dev.lockstep.network.Network;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What each layer is in ONNX, of <a href="https://onnx.ai/onnx/operators/">operators</a> that set
 * 17 has. Layers that do nothing but in training are nothing here.
 */
final class LayerForms {
  private static final double SQRT_HALF = 0.7071067811865476;
  private static final double TWO_SQRT_2_OVER_PI = 1.5957691216057308;
  private static final double CUBE = 0.044715;
  private static final double SELU_ALPHA = 1.6732632423543772;
  private static final double SELU_GAMMA = 1.0507009873554805;

  private static final Map<Class<? extends Layer>, Form<Layer>> FORMS = new HashMap<>();

  static {
    put(Normalize.class, LayerForms::normalize);
    put(
        Dense.class,
        (layer, x, w, graph) ->
            graph.node("Gemm", List.of(attribute("transB", 1L)), x, w.get(0), w.get(1)));
    put(Maxout.class, LayerForms::maxout);
    put(Threshold.class, LayerForms::threshold);
    put(Relu.class, (layer, x, w, graph) -> graph.node("Relu", x));
    put(
        LeakyRelu.class,
        (layer, x, w, graph) ->
            graph.node("LeakyRelu", List.of(attribute("alpha", layer.slope())), x));
    put(Prelu.class, (layer, x, w, graph) -> graph.node("PRelu", x, w.get(0)));
    put(
        Elu.class,
        (layer, x, w, graph) -> graph.node("Elu", List.of(attribute("alpha", layer.alpha())), x));
    put(Selu.class, LayerForms::selu);
    put(Sigmoid.class, (layer, x, w, graph) -> graph.node("Sigmoid", x));
    put(Tanh.class, (layer, x, w, graph) -> graph.node("Tanh", x));
    put(Softplus.class, (layer, x, w, graph) -> graph.node("Softplus", x));
    put(Silu.class, (layer, x, w, graph) -> graph.node("Mul", x, graph.node("Sigmoid", x)));
    put(Gelu.class, LayerForms::gelu);
    put(GeluTanh.class, LayerForms::geluTanh);
    put(Softmax.class, (layer, x, w, graph) -> softmax(x, graph));
    put(Dropout.class, (layer, x, w, graph) -> x);
    put(Noise.class, (layer, x, w, graph) -> x);
  }

  private LayerForms() {}

  /**
   * How a layer is said.
   *
   * @param <L> the layer
   */
  private interface Form<L extends Layer> {
    /**
     * Adds its nodes.
     *
     * @param x the name of x[B,I]
     * @param w the names of its tensors, in the order of files
     * @return the name of y[B,O]
     */
    String add(L layer, String x, List<String> w, OnnxGraph graph);
  }

  private static <L extends Layer> void put(Class<L> type, Form<L> form) {
    FORMS.put(type, (layer, x, w, graph) -> form.add(type.cast(layer), x, w, graph));
  }

  /**
   * Checks that every layer of a network has a form.
   *
   * @throws NoOnnxFormException naming the first that has none
   */
  static void check(Network network) {
    int number = 1;
    for (Layer layer : network.layers()) {
      if (!FORMS.containsKey(layer.getClass())) {
        throw new NoOnnxFormException(
            "layer %d (%s) is of a kind that has no form in ONNX; the kinds of Lockstep itself have one, those of other jars have not"
                .formatted(number, layer.describe()));
      }
      number++;
    }
  }

  /**
   * Adds the nodes of a layer that {@link #check} let pass.
   *
   * @param x the name of x[B,I]
   * @param tensors the names of its tensors, in the order of files
   * @return the name of y[B,O]; that of x if the layer does nothing
   */
  static String add(Layer layer, String x, List<String> tensors, OnnxGraph graph) {
    return FORMS.get(layer.getClass()).add(layer, x, tensors, graph);
  }

  /** Probabilities of logits. */
  static String softmax(String x, OnnxGraph graph) {
    return graph.node("Softmax", List.of(attribute("axis", 1L)), x);
  }

  private static String normalize(Normalize layer, String x, List<String> w, OnnxGraph graph) {
    List<Integer> shape = List.of(layer.inputs());
    String offset = graph.constant("input.offset", shape, layer.offset());
    String scale = graph.constant("input.scale", shape, layer.scale());
    return graph.node("Mul", graph.node("Sub", x, offset), scale);
  }

  /** The pieces become an axis of their own; 0 leaves the batch as it is. */
  private static String maxout(Maxout layer, String x, List<String> w, OnnxGraph graph) {
    String pieces = graph.node("Reshape", x, graph.constant(0L, layer.pieces(), layer.outputs()));
    return graph.node(
        "ReduceMax", List.of(attributes("axes", 1), attribute("keepdims", 0L)), pieces);
  }

  private static String threshold(Threshold layer, String x, List<String> w, OnnxGraph graph) {
    String fires = graph.node("Greater", x, graph.constant((double) layer.threshold()));
    long to = TensorProto.DataType.FLOAT.getNumber();
    return graph.node("Cast", List.of(attribute("to", to)), fires);
  }

  private static String selu(Selu layer, String x, List<String> w, OnnxGraph graph) {
    return graph.node(
        "Selu",
        List.of(attribute("alpha", (float) SELU_ALPHA), attribute("gamma", (float) SELU_GAMMA)),
        x);
  }

  /** x (1 + erf(x / sqrt 2)) / 2; the operator of that name came with set 20. */
  private static String gelu(Gelu layer, String x, List<String> w, OnnxGraph graph) {
    String erf = graph.node("Erf", graph.node("Mul", x, graph.constant(SQRT_HALF)));
    String twice = graph.node("Mul", x, graph.node("Add", erf, graph.constant(1.0)));
    return graph.node("Mul", twice, graph.constant(0.5));
  }

  /** x s(2u), s the sigmoid and 2u = 2 sqrt(2 / pi) x (1 + 0.044715 x^2). */
  private static String geluTanh(GeluTanh layer, String x, List<String> w, OnnxGraph graph) {
    String square = graph.node("Mul", x, x);
    String curved = graph.node("Mul", square, graph.constant(TWO_SQRT_2_OVER_PI * CUBE));
    String slope = graph.node("Add", curved, graph.constant(TWO_SQRT_2_OVER_PI));
    return graph.node("Mul", x, graph.node("Sigmoid", graph.node("Mul", x, slope)));
  }
}
