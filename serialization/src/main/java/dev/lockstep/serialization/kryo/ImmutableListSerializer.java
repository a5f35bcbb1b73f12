package dev.lockstep.serialization.kryo;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import dev.lockstep.serialization.FormatException;
import java.util.ArrayList;
import java.util.List;

/** The lists of {@code List.of}, {@code List.copyOf} and {@code Stream.toList}. */
final class ImmutableListSerializer extends Serializer<List<?>> {
  @Override
  public void write(Kryo kryo, Output output, List<?> list) {
    output.writeVarInt(list.size(), true);
    for (Object element : list) {
      kryo.writeClassAndObject(output, element);
    }
  }

  @Override
  public List<?> read(Kryo kryo, Input input, Class<List<?>> type) {
    int size = input.readVarInt(true);
    if (size < 0) {
      throw new FormatException("a list declares %d elements; want 0 or more".formatted(size));
    }
    List<Object> elements = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      elements.add(kryo.readClassAndObject(input));
    }
    return immutable(elements);
  }

  @Override
  public List<?> copy(Kryo kryo, List<?> original) {
    List<Object> elements = new ArrayList<>();
    for (Object element : original) {
      elements.add(kryo.copy(element));
    }
    return immutable(elements);
  }

  /** Only {@code Stream.toList} makes an immutable list with nulls. */
  private static List<?> immutable(List<Object> elements) {
    return elements.contains(null) ? elements.stream().toList() : List.copyOf(elements);
  }
}
