package dev.lockstep.serialization.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.UnsafeByteOperations;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * A graph in the making: nodes over named values, each made by one node or constant. Nodes stand in
 * the order in which they are computed, as the format wants them.
 */
final class OnnxGraph {
  private static final String BATCH = "batch";

  private final GraphProto.Builder graph;
  private final List<NodeProto.Builder> nodes = new ArrayList<>();

  /** An empty one. */
  OnnxGraph(String name) {
    graph = GraphProto.newBuilder().setName(name);
  }

  /** Declares an input of float[batch, columns]; returns its name. */
  String input(String name, int columns) {
    graph.addInput(rows(name, columns));
    return name;
  }

  /**
   * Declares a value of float[batch, columns] as an output under a name: that of the last node, or
   * a copy of a value that no node made.
   */
  String output(String value, String name, int columns) {
    boolean isLast = !nodes.isEmpty() && nodes.get(nodes.size() - 1).getOutput(0).equals(value);
    if (isLast) {
      nodes.get(nodes.size() - 1).setOutput(0, name);
    } else {
      nodes.add(
          NodeProto.newBuilder()
              .setOpType("Identity")
              .setName("Identity_" + nodes.size())
              .addInput(value)
              .addOutput(name));
    }
    graph.addOutput(rows(name, columns));
    return name;
  }

  /** Adds a node without attributes; returns the name of its one output. */
  String node(String operator, String... inputs) {
    return node(operator, List.of(), inputs);
  }

  /** Adds a node; returns the name of its one output. */
  String node(String operator, List<AttributeProto> attributes, String... inputs) {
    String name = "%s_%d".formatted(operator, nodes.size());
    nodes.add(
        NodeProto.newBuilder()
            .setOpType(operator)
            .setName(name)
            .addAllInput(List.of(inputs))
            .addAllAttribute(attributes)
            .addOutput(name));
    return name;
  }

  /** Adds a constant of floats, row-major; returns its name. */
  String constant(String name, List<Integer> shape, float[] values) {
    ByteBuffer bytes =
        ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    return constant(name, shape, TensorProto.DataType.FLOAT, bytes);
  }

  /** Adds a single number; returns its name. */
  String constant(double value) {
    return constant(
        "constant_" + graph.getInitializerCount(), List.of(), new float[] {(float) value});
  }

  /** Adds a vector of whole numbers; returns its name. */
  String constant(long... values) {
    ByteBuffer bytes =
        ByteBuffer.allocate(values.length * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asLongBuffer().put(values);
    String name = "constant_" + graph.getInitializerCount();
    return constant(name, List.of(values.length), TensorProto.DataType.INT64, bytes);
  }

  private String constant(
      String name, List<Integer> shape, TensorProto.DataType type, ByteBuffer bytes) {
    TensorProto.Builder tensor =
        TensorProto.newBuilder()
            .setName(name)
            .setDataType(type.getNumber())
            .setRawData(UnsafeByteOperations.unsafeWrap(bytes));
    shape.forEach(tensor::addDims);
    graph.addInitializer(tensor);
    return name;
  }

  GraphProto build() {
    GraphProto.Builder built = graph.clone();
    nodes.forEach(built::addNode);
    return built.build();
  }

  static AttributeProto attribute(String name, float value) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeProto.AttributeType.FLOAT)
        .setF(value)
        .build();
  }

  static AttributeProto attribute(String name, long value) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeProto.AttributeType.INT)
        .setI(value)
        .build();
  }

  static AttributeProto attributes(String name, long... values) {
    AttributeProto.Builder attribute =
        AttributeProto.newBuilder().setName(name).setType(AttributeProto.AttributeType.INTS);
    for (long value : values) {
      attribute.addInts(value);
    }
    return attribute.build();
  }

  private static ValueInfoProto rows(String name, int columns) {
    TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
    shape.addDimBuilder().setDimParam(BATCH);
    shape.addDimBuilder().setDimValue(columns);
    return ValueInfoProto.newBuilder()
        .setName(name)
        .setType(
            TypeProto.newBuilder()
                .setTensorType(
                    TypeProto.Tensor.newBuilder()
                        .setElemType(TensorProto.DataType.FLOAT.getNumber())
                        .setShape(shape)))
        .build();
  }
}
