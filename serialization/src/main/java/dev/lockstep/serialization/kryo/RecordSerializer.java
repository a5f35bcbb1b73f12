package dev.lockstep.serialization.kryo;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;

/**
 * A record as its components in declared order: primitives as they are, objects with their class.
 * It is read through the canonical constructor, so that a record that validates itself does so here
 * too. A record cannot refer to itself, not even through what it holds.
 *
 * <p>Kryo 4 has nothing for records: it sets final fields, which the JVM forbids for them.
 *
 * @param <T> the record
 */
public final class RecordSerializer<T extends Record> extends Serializer<T> {
  private final Class<T> type;
  private final Class<?>[] components;
  private final MethodHandle[] accessors;

  /** (Object[]) → Object. */
  private final MethodHandle constructor;

  public RecordSerializer(Class<T> type) {
    RecordComponent[] declared = type.getRecordComponents();
    this.type = type;
    this.components =
        Arrays.stream(declared).map(RecordComponent::getType).toArray(Class<?>[]::new);
    this.accessors = new MethodHandle[declared.length];
    try {
      MethodHandles.Lookup lookup = MethodHandles.privateLookupIn(type, MethodHandles.lookup());
      for (int c = 0; c < declared.length; c++) {
        accessors[c] =
            lookup
                .unreflect(declared[c].getAccessor())
                .asType(MethodType.methodType(Object.class, Object.class));
      }
      constructor =
          lookup
              .findConstructor(type, MethodType.methodType(void.class, components))
              .asSpreader(Object[].class, components.length)
              .asType(MethodType.methodType(Object.class, Object[].class));
    } catch (ReflectiveOperationException e) {
      throw new IllegalArgumentException(
          "record %s is in a package that is closed to Lockstep".formatted(type.getName()), e);
    }
  }

  @Override
  public void write(Kryo kryo, Output output, T value) {
    for (int c = 0; c < components.length; c++) {
      writeComponent(kryo, output, components[c], component(value, c));
    }
  }

  @Override
  public T read(Kryo kryo, Input input, Class<T> declared) {
    Object[] values = new Object[components.length];
    for (int c = 0; c < values.length; c++) {
      values[c] = readComponent(kryo, input, components[c]);
    }
    return construct(values);
  }

  @Override
  public T copy(Kryo kryo, T original) {
    Object[] values = new Object[components.length];
    for (int c = 0; c < values.length; c++) {
      values[c] = kryo.copy(component(original, c));
    }
    return construct(values);
  }

  private static void writeComponent(Kryo kryo, Output output, Class<?> component, Object value) {
    if (component == int.class) {
      output.writeInt((int) value);
    } else if (component == long.class) {
      output.writeLong((long) value);
    } else if (component == float.class) {
      output.writeInt(Float.floatToRawIntBits((float) value));
    } else if (component == double.class) {
      output.writeLong(Double.doubleToRawLongBits((double) value));
    } else if (component == boolean.class) {
      output.writeBoolean((boolean) value);
    } else if (component == byte.class) {
      output.writeByte((byte) value);
    } else if (component == short.class) {
      output.writeShort((short) value);
    } else if (component == char.class) {
      output.writeChar((char) value);
    } else {
      kryo.writeClassAndObject(output, value);
    }
  }

  private static Object readComponent(Kryo kryo, Input input, Class<?> component) {
    if (component == int.class) {
      return input.readInt();
    } else if (component == long.class) {
      return input.readLong();
    } else if (component == float.class) {
      return Float.intBitsToFloat(input.readInt());
    } else if (component == double.class) {
      return Double.longBitsToDouble(input.readLong());
    } else if (component == boolean.class) {
      return input.readBoolean();
    } else if (component == byte.class) {
      return input.readByte();
    } else if (component == short.class) {
      return input.readShort();
    } else if (component == char.class) {
      return input.readChar();
    } else {
      return kryo.readClassAndObject(input);
    }
  }

  private Object component(T value, int component) {
    try {
      return (Object) accessors[component].invokeExact((Object) value);
    } catch (Throwable e) {
      throw unchecked(e);
    }
  }

  private T construct(Object[] values) {
    try {
      return type.cast((Object) constructor.invokeExact(values));
    } catch (Throwable e) {
      throw unchecked(e);
    }
  }

  /** A record's own code may declare nothing checked. */
  private static RuntimeException unchecked(Throwable e) {
    if (e instanceof Error error) {
      throw error;
    }
    return e instanceof RuntimeException runtime ? runtime : new IllegalStateException(e);
  }
}
