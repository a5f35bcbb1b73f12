package dev.lockstep.serialization.kryo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.esotericsoftware.kryo.Kryo;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecordSerializerTest {
  record Primitives(int i, long l, float f, double d, boolean z, byte b, short s, char c) {}

  record Objects(String text, Integer boxed, List<Point> points, float[] values, Object any) {}

  record Empty() {}

  record Generic<T>(T value, List<T> values) {}

  record Point(int x, int y) {
    Point {
      if (x < 0) {
        throw new IllegalArgumentException("x %d: want 0 or more".formatted(x));
      }
    }
  }

  /** Only the canonical constructor is used, and its parameters of one type are not mixed up. */
  private record Private(int first, int second) {
    Private(int both) {
      this(both, both);
    }
  }

  private static Kryo kryo(boolean references) {
    Kryo kryo = KryoBytes.kryo();
    kryo.setReferences(references);
    kryo.register(Primitives.class, new RecordSerializer<>(Primitives.class));
    kryo.register(Objects.class, new RecordSerializer<>(Objects.class));
    kryo.register(Empty.class, new RecordSerializer<>(Empty.class));
    kryo.register(Generic.class, new RecordSerializer<>(Generic.class));
    kryo.register(Point.class, new RecordSerializer<>(Point.class));
    kryo.register(Private.class, new RecordSerializer<>(Private.class));
    return kryo;
  }

  private static Object roundTrip(Kryo kryo, Object value) {
    byte[] bytes = KryoBytes.write(kryo, value);
    Object read = KryoBytes.read(kryo, bytes);
    assertThat(KryoBytes.write(kryo, KryoBytes.readStream(kryo, bytes))).isEqualTo(bytes);
    return read;
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void roundTripsPrimitives(boolean references) {
    Kryo kryo = kryo(references);
    var least =
        new Primitives(
            Integer.MIN_VALUE,
            Long.MIN_VALUE,
            -0f,
            Double.MIN_VALUE,
            true,
            Byte.MIN_VALUE,
            Short.MIN_VALUE,
            '\0');
    var most =
        new Primitives(
            Integer.MAX_VALUE,
            Long.MAX_VALUE,
            Float.NEGATIVE_INFINITY,
            -0.0,
            false,
            Byte.MAX_VALUE,
            Short.MAX_VALUE,
            '\uffff');
    assertThat(roundTrip(kryo, least)).isEqualTo(least);
    assertThat(roundTrip(kryo, most)).isEqualTo(most);
  }

  @Test
  void keepsThePayloadOfANaN() {
    float f = Float.intBitsToFloat(0x7fc54321);
    double d = Double.longBitsToDouble(0x7ff8000000abcdefL);
    var read =
        (Primitives)
            roundTrip(kryo(true), new Primitives(0, 0, f, d, false, (byte) 0, (short) 0, 'x'));
    assertThat(Float.floatToRawIntBits(read.f)).isEqualTo(0x7fc54321);
    assertThat(Double.doubleToRawLongBits(read.d)).isEqualTo(0x7ff8000000abcdefL);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void roundTripsObjects(boolean references) {
    Kryo kryo = kryo(references);
    var points = new ArrayList<>(List.of(new Point(1, 2), new Point(3, 4)));
    var value = new Objects("ü", 7, points, new float[] {1, -0f}, new Point(5, 6));
    var read = (Objects) roundTrip(kryo, value);
    assertThat(read).usingRecursiveComparison().isEqualTo(value);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void roundTripsNulls(boolean references) {
    var value = new Objects(null, null, null, null, null);
    assertThat(roundTrip(kryo(references), value)).isEqualTo(value);
  }

  @Test
  void keepsOneObjectOneWhereReferencesAreTracked() {
    Kryo kryo = kryo(true);
    float[] values = {1, 2};
    var read = (Objects) roundTrip(kryo, new Objects("", 0, List.of(), values, values));
    assertThat(read.any).isSameAs(read.values);
    var point = new Point(1, 1);
    var pair = (Generic<?>) roundTrip(kryo, new Generic<>(point, List.of(point, point)));
    assertThat(pair.values.get(0)).isSameAs(pair.value).isSameAs(pair.values.get(1));
  }

  @Test
  void roundTripsWithoutComponents() {
    assertThat(roundTrip(kryo(true), new Empty())).isEqualTo(new Empty());
  }

  @Test
  void roundTripsAGenericRecord() {
    var value = new Generic<>("a", List.of("b", "c"));
    assertThat(roundTrip(kryo(true), value)).isEqualTo(value);
  }

  @Test
  void usesTheCanonicalConstructor() {
    var value = new Private(1, 2);
    assertThat(roundTrip(kryo(true), value)).isEqualTo(value);
    assertThat(new Private(3)).isEqualTo(new Private(3, 3));
  }

  @Test
  void letsARecordRefuse() {
    Kryo kryo = kryo(false);
    byte[] bytes = KryoBytes.write(kryo, new Point(1, 2));
    bytes[bytes.length - 8] = -1;
    bytes[bytes.length - 5] = -1;
    assertThatThrownBy(() -> KryoBytes.read(kryo, bytes))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("want 0 or more");
  }

  @Test
  void copiesWhatARecordHolds() {
    var value = new Objects("", 0, List.of(new Point(1, 2)), new float[] {1}, null);
    Objects copy = kryo(true).copy(value);
    assertThat(copy).usingRecursiveComparison().isEqualTo(value);
    assertThat(copy.values).isNotSameAs(value.values);
  }
}
