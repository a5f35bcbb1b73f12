package dev.lockstep.serialization.kryo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.serialization.FloatChunk;
import dev.lockstep.serialization.Sha256;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.spark.BarrierTaskContext;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.storage.StorageLevel;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import scala.Function1;
import scala.Tuple2;
import scala.collection.Iterator;
import scala.jdk.CollectionConverters;
import scala.reflect.ClassTag;
import scala.reflect.ClassTag$;

/**
 * Jobs like Lockstep's under {@code registrationRequired=true}: nothing unregistered, same bits.
 */
class SparkJobsTest {
  private static final int LENGTH = 2 * FloatChunk.MAX_VALUES + 5;
  private static JavaSparkContext spark;

  @BeforeAll
  static void start() {
    spark =
        new JavaSparkContext(
            new SparkConf(false)
                .setMaster("local[2]")
                .setAppName("kryo")
                .set("spark.ui.enabled", "false")
                .set("spark.driver.host", "localhost")
                .set("spark.driver.bindAddress", "127.0.0.1")
                .set("spark.serializer", "org.apache.spark.serializer.KryoSerializer")
                .set("spark.kryo.registrationRequired", "true")
                .set("spark.kryo.registrator", LockstepKryoRegistrator.class.getName()));
  }

  @AfterAll
  static void stop() {
    spark.stop();
  }

  /** Bits of every kind, NaN payloads among them. */
  private static float[] vector(int key) {
    float[] vector = new float[LENGTH];
    for (int i = 0; i < LENGTH; i++) {
      vector[i] = Float.intBitsToFloat((key * LENGTH + i) * 0x9E3779B1);
    }
    return vector;
  }

  private static float[] sum(float[] a, float[] b) {
    float[] sum = new float[a.length];
    for (int i = 0; i < a.length; i++) {
      sum[i] = a[i] + b[i];
    }
    return sum;
  }

  private static JavaRDD<Integer> keys() {
    return spark.parallelize(IntStream.range(0, 8).boxed().toList(), 4);
  }

  private static List<String> hashes(List<float[]> vectors) {
    return vectors.stream().map(Sha256::of).toList();
  }

  private static List<String> expected() {
    return IntStream.range(0, 8).mapToObj(key -> Sha256.of(vector(key))).toList();
  }

  @Test
  void collect() {
    assertThat(hashes(keys().map(SparkJobsTest::vector).collect())).isEqualTo(expected());
  }

  @Test
  void collectOfListsBytesAndArrays() {
    List<ArrayList<float[]>> lists =
        keys().map(key -> new ArrayList<>(List.of(vector(key), vector(key + 1)))).collect();
    assertThat(hashes(lists.get(3))).isEqualTo(expected().subList(3, 5));
    List<float[][]> arrays = keys().map(key -> new float[][] {vector(key), {}}).collect();
    assertThat(hashes(List.of(arrays.get(2)))).isEqualTo(hashes(List.of(vector(2), new float[0])));
    assertThat(keys().map(key -> new byte[] {key.byteValue()}).collect().get(5)).containsExactly(5);
    assertThat(keys().map(key -> List.of(key, key)).collect().get(5)).containsExactly(5, 5);
    assertThat(keys().map(key -> new Object[] {key, "a"}).collect().get(5)).containsExactly(5, "a");
    assertThat(keys().glom().collect().get(0)).containsExactly(0, 1);
  }

  @Test
  void parallelizeOfArraysAndLists() {
    List<float[]> vectors = IntStream.range(0, 8).mapToObj(SparkJobsTest::vector).toList();
    assertThat(spark.parallelize(vectors, 3).map(Sha256::of).collect()).isEqualTo(expected());
    List<List<float[]>> lists = List.of(vectors, new ArrayList<>(vectors));
    assertThat(spark.parallelize(lists, 2).map(SparkJobsTest::hashes).collect())
        .containsExactly(expected(), expected());
  }

  @Test
  void broadcastOfArraysAndLists() {
    var vector = spark.broadcast(vector(1));
    var list = spark.broadcast(new ArrayList<>(List.of(vector(1), vector(2))));
    assertThat(keys().map(key -> Sha256.of(vector.value())).distinct().collect())
        .containsExactly(Sha256.of(vector(1)));
    assertThat(keys().map(key -> hashes(list.value())).first()).isEqualTo(expected().subList(1, 3));
  }

  @Test
  void reduceByKey() {
    JavaPairRDD<Integer, float[]> halves =
        keys().mapToPair(key -> new Tuple2<>(key % 2, vector(key)));
    Map<Integer, float[]> sums =
        halves.reduceByKey(SparkJobsTest::elementWiseMax, 3).collectAsMap();
    for (int half = 0; half < 2; half++) {
      float[] expected = vector(half);
      for (int key = half + 2; key < 8; key += 2) {
        expected = elementWiseMax(expected, vector(key));
      }
      assertThat(Sha256.of(sums.get(half))).isEqualTo(Sha256.of(expected));
    }
  }

  /** Commutative and associative on bits, so that the order of arrival does not matter. */
  private static float[] elementWiseMax(float[] a, float[] b) {
    float[] most = new float[a.length];
    for (int i = 0; i < a.length; i++) {
      most[i] =
          Float.intBitsToFloat(
              Math.max(Float.floatToRawIntBits(a[i]), Float.floatToRawIntBits(b[i])));
    }
    return most;
  }

  @Test
  void shufflesOfEveryKind() {
    JavaPairRDD<Integer, float[]> pairs = keys().mapToPair(key -> new Tuple2<>(key, vector(key)));
    assertThat(hashes(pairs.sortByKey(true, 3).values().collect())).isEqualTo(expected());
    assertThat(pairs.groupByKey(3).mapValues(SparkJobsTest::only).collectAsMap()).hasSize(8);
    assertThat(pairs.join(pairs, 3).count()).isEqualTo(8);
    assertThat(
            pairs
                .aggregateByKey(new float[LENGTH], 3, SparkJobsTest::sum, SparkJobsTest::sum)
                .count())
        .isEqualTo(8);
    assertThat(hashes(pairs.values().repartition(2).collect())).hasSameElementsAs(expected());
  }

  private static String only(Iterable<float[]> vectors) {
    return Sha256.of(vectors.iterator().next());
  }

  @Test
  void reductionsOfEveryKind() {
    JavaRDD<float[]> vectors = keys().map(key -> new float[] {key});
    assertThat(vectors.reduce(SparkJobsTest::sum)).containsExactly(28);
    assertThat(vectors.treeReduce(SparkJobsTest::sum, 2)).containsExactly(28);
    assertThat(vectors.treeAggregate(new float[1], SparkJobsTest::sum, SparkJobsTest::sum, 2))
        .containsExactly(28);
    assertThat(vectors.take(3)).hasSize(3);
    assertThat(keys().takeOrdered(2, Comparator.<Integer>naturalOrder())).containsExactly(0, 1);
    assertThat(keys().countByValue()).hasSize(8);
    assertThat(keys().zipWithIndex().collectAsMap()).containsEntry(7, 7L);
  }

  @Test
  void cachedAsBytes() {
    JavaRDD<float[]> cached =
        keys().map(SparkJobsTest::vector).persist(StorageLevel.MEMORY_AND_DISK_SER());
    cached.count();
    assertThat(hashes(cached.collect())).isEqualTo(expected());
    cached.unpersist();
  }

  @Test
  void barrierStage() {
    ClassTag<float[]> type = ClassTag$.MODULE$.apply(float[].class);
    JavaRDD<Integer> ranks = spark.parallelize(List.of(0, 1), 2);
    List<float[]> vectors =
        JavaRDD.fromRDD(ranks.rdd().barrier().mapPartitions(new Gather(), false, type), type)
            .collect();
    assertThat(hashes(vectors)).isEqualTo(expected().subList(2, 4));
  }

  /** Every task tells the others 1 and gives the vector of the sum and its rank. */
  private static final class Gather
      implements Function1<Iterator<Integer>, Iterator<float[]>>, Serializable {
    private static final long serialVersionUID = 1;

    @Override
    public Iterator<float[]> apply(Iterator<Integer> rows) {
      BarrierTaskContext context = BarrierTaskContext.get();
      String[] messages = context.allGather("1");
      int sum = Arrays.stream(messages).mapToInt(Integer::parseInt).sum();
      List<float[]> vectors = List.of(vector(sum + context.partitionId()));
      return CollectionConverters.IteratorHasAsScala(vectors.iterator()).asScala();
    }
  }
}
