package dev.lockstep.serialization.kryo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.esotericsoftware.kryo.Kryo;
import dev.lockstep.data.ByteSums;
import dev.lockstep.data.ExampleFormat;
import dev.lockstep.data.ExampleFormat.Element;
import dev.lockstep.data.FloatSums;
import dev.lockstep.data.HeapShard;
import dev.lockstep.data.Parcel;
import dev.lockstep.engine.Decisions;
import dev.lockstep.engine.EpochSums;
import dev.lockstep.engine.Monitors;
import dev.lockstep.engine.SlicedVector;
import dev.lockstep.engine.State;
import dev.lockstep.engine.StepRecord;
import dev.lockstep.gradient.Node;
import dev.lockstep.gradient.NodeSum;
import dev.lockstep.gradient.PartialSums;
import dev.lockstep.metric.ClassCounts;
import dev.lockstep.metric.Evaluation;
import dev.lockstep.metric.ShardSums;
import dev.lockstep.metric.VectorErrors;
import dev.lockstep.metric.WorstExample;
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
import org.apache.spark.serializer.SerializerInstance;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import scala.reflect.ClassTag;
import scala.reflect.ClassTag$;

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

  /** What travels in a run, with bits that only a copy of bits keeps. */
  static Stream<Object> valuesOfARun() {
    float[] odd = {-0f, Float.intBitsToFloat(0x7f800001), Float.MIN_VALUE, 1};
    SlicedVector vector = new SlicedVector(List.of(odd, new float[] {2, 3}));
    NodeSum sum = new NodeSum(7, odd, -0.0, 0.5, 1L << 40, new int[] {3, 0});
    PartialSums sums = new PartialSums(5, 7, 11);
    sums.add(new Node(0, 3), sum);
    sums.add(new Node(0, 4), NodeSum.EMPTY);
    return Stream.of(
        new State(1L << 40, -1, vector, List.of(vector, vector), List.of(vector), monitors()),
        new State(0, 0, new SlicedVector(List.of()), List.of(), List.of(), Monitors.NONE),
        sum,
        sums,
        new PartialSums[] {sums, new PartialSums(1, 0, 0)},
        new HeapShard(3, 2, new byte[] {-1, 0, 1, 2}, new int[] {9, 0}),
        new Parcel(new long[] {1L << 40}, new int[] {9}, new byte[] {-1, 0}),
        new HeapShard(3, new ExampleFormat(1, Element.FLOAT, 1, true), new byte[12], new int[0]),
        new StepRecord(1L << 40, 2, 3, Double.MIN_VALUE, 0.1, Double.POSITIVE_INFINITY),
        evaluation(),
        new WorstExample(3, 1 << 30, 9, 0, Float.POSITIVE_INFINITY, new byte[] {-1, 0}),
        new ByteSums(1L << 40, new long[] {0, 7}, new long[] {-1, 1L << 62}),
        new FloatSums(1L << 40, new long[9], new long[18]));
  }

  private static Evaluation evaluation() {
    VectorErrors errors =
        new VectorErrors(3, List.of(0.1), List.of(0.5), List.of(-0.0), List.of(1e300));
    return new Evaluation(
        List.of(
            new ShardSums(3, 1L << 40, 0.1 + 0.2, 2.5, Double.NaN, VectorErrors.NONE),
            new ShardSums(4, 3, 0.25, 3, 1.5, errors)),
        new ClassCounts(
            List.of(Long.MAX_VALUE, 0L),
            List.of(0L, 1L),
            List.of(7L, 8L),
            List.of(1L, 2L),
            List.of(1L, 2L, 3L, 4L)));
  }

  private static Monitors monitors() {
    return new Monitors(
        new EpochSums(0.1, 2.5, 3, List.of(0.5, -0.0), List.of(1.0, 2.0), List.of(1L << 40)),
        new Decisions(0.1, 0.2, 3, 4, Double.POSITIVE_INFINITY, 5, 1L << 41, true, 7));
  }

  /** The values are equal, and so are their bytes: NaN payloads and signs of zero are there. */
  @ParameterizedTest
  @MethodSource("valuesOfARun")
  void carriesTheClassesOfARunInBits(Object value) {
    assertThat(KryoBytes.kryo().isRegistrationRequired()).isTrue();
    byte[] bytes = KryoBytes.write(KryoBytes.kryo(), value);
    Object back = KryoBytes.read(KryoBytes.kryo(), bytes);
    assertSameValues(back, value);
    assertThat(KryoBytes.write(KryoBytes.kryo(), back)).isEqualTo(bytes);
  }

  @ParameterizedTest
  @MethodSource("valuesOfARun")
  void carriesTheClassesOfARunThroughSparksKryo(Object value) {
    SerializerInstance kryo = new KryoSerializer(conf()).newInstance();
    ClassTag<Object> any = ClassTag$.MODULE$.apply(Object.class);
    Object back = kryo.deserialize(kryo.serialize(value, any), any);
    assertSameValues(back, value);
    assertThat(KryoBytes.write(KryoBytes.kryo(), back))
        .isEqualTo(KryoBytes.write(KryoBytes.kryo(), value));
  }

  private static void assertSameValues(Object actual, Object expected) {
    assertThat(actual)
        .hasSameClassAs(expected)
        .usingRecursiveComparison()
        .withComparatorForType(Float::compare, Float.class)
        .withComparatorForType(Double::compare, Double.class)
        .isEqualTo(expected);
  }

  private static SparkConf conf() {
    return new SparkConf(false)
        .set("spark.kryo.registrationRequired", "true")
        .set("spark.kryo.registrator", LockstepKryoRegistrator.class.getName());
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
    Kryo kryo = new KryoSerializer(conf()).newKryo();
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
