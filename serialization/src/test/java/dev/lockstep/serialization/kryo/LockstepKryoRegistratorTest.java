package dev.lockstep.serialization.kryo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.esotericsoftware.kryo.Kryo;
import dev.lockstep.serialization.FormatException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.spark.SparkConf;
import org.apache.spark.serializer.KryoSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class LockstepKryoRegistratorTest {
  static Stream<Object> values() {
    return Stream.of(
        new float[] {1, 2},
        new float[][] {{1}, {}, {2, 3}},
        new double[] {1},
        new long[] {1},
        new int[] {1},
        new byte[] {1},
        new byte[][] {{1}, {}},
        new Object[] {"a", 1, new float[] {1}, null},
        new List<?>[] {List.of(1), new ArrayList<>(List.of(2))},
        new ArrayList<>(Arrays.asList(1, "a", null)),
        new HashMap<>(Map.of("a", 1L)),
        new LinkedHashMap<>(Map.of("a", 1.5)),
        new TreeMap<>(Map.of("a", true, "b", false)),
        List.of(),
        List.of(1),
        List.of(1, 2),
        List.of(1, 2, 3),
        List.copyOf(new ArrayList<>(List.of("a"))),
        Stream.of("a", null).toList());
  }

  @ParameterizedTest
  @MethodSource("values")
  void serveAKryoWithoutSpark(Object value) {
    byte[] bytes = KryoBytes.write(KryoBytes.kryo(), value);
    assertThat(KryoBytes.read(KryoBytes.kryo(), bytes))
        .hasSameClassAs(value)
        .usingRecursiveComparison()
        .isEqualTo(value);
    assertThat(KryoBytes.readStream(KryoBytes.kryo(), bytes))
        .usingRecursiveComparison()
        .isEqualTo(value);
  }

  @Test
  void refusesAnyOtherClass() {
    Kryo kryo = KryoBytes.kryo();
    assertThatThrownBy(() -> KryoBytes.write(kryo, new ArrayDeque<>()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("not registered");
  }

  @Test
  void numbersStayWhatTheyAre() {
    Kryo kryo = KryoBytes.kryo();
    int first = new Kryo().getNextRegistrationId();
    assertThat(kryo.getRegistration(float[].class).getId()).isEqualTo(first);
    assertThat(kryo.getRegistration(float[][].class).getId()).isEqualTo(first + 1);
    assertThat(kryo.getRegistration(List.of(0).getClass()).getId()).isEqualTo(first + 14);
  }

  @Test
  void ourSerializerStandsInSparksKryo() {
    SparkConf conf =
        new SparkConf(false)
            .set("spark.kryo.registrationRequired", "true")
            .set("spark.kryo.registrator", LockstepKryoRegistrator.class.getName());
    Kryo kryo = new KryoSerializer(conf).newKryo();
    assertThat(kryo.getSerializer(float[].class)).isInstanceOf(FloatArraySerializer.class);
  }

  @Test
  void refusesAListOfNegativeSize() {
    Kryo kryo = KryoBytes.kryo();
    kryo.setReferences(false);
    byte[] bytes = Arrays.copyOf(KryoBytes.write(kryo, List.of()), 6);
    Arrays.fill(bytes, 1, 5, (byte) 0xff);
    bytes[5] = 0x0f;
    assertThatThrownBy(() -> KryoBytes.read(kryo, bytes))
        .isInstanceOf(FormatException.class)
        .hasMessage("a list declares -1 elements; want 0 or more");
  }
}
