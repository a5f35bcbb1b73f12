package dev.lockstep.serialization.kryo;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.Serializer;
import dev.lockstep.data.ByteSums;
import dev.lockstep.data.ExampleFormat;
import dev.lockstep.data.FloatSums;
import dev.lockstep.data.HeapShard;
import dev.lockstep.data.Parcel;
import dev.lockstep.engine.Decisions;
import dev.lockstep.engine.EpochSums;
import dev.lockstep.engine.Monitors;
import dev.lockstep.engine.NoiseAverages;
import dev.lockstep.engine.SlicedVector;
import dev.lockstep.engine.State;
import dev.lockstep.engine.StepRecord;
import dev.lockstep.gradient.Diagnosis;
import dev.lockstep.gradient.MicroBatchNorms;
import dev.lockstep.gradient.Node;
import dev.lockstep.gradient.NodeSum;
import dev.lockstep.gradient.NoiseSample;
import dev.lockstep.gradient.PartialSums;
import dev.lockstep.metric.ClassCounts;
import dev.lockstep.metric.Evaluation;
import dev.lockstep.metric.ShardSums;
import dev.lockstep.metric.VectorErrors;
import dev.lockstep.metric.WorstExample;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.apache.spark.serializer.KryoRegistrator;

/**
 * Registers every class that Lockstep sends through Spark, for {@code
 * spark.kryo.registrationRequired=true}. Spark and Chill bring boxed values, strings, arrays of
 * primitives, {@code Object[]}, tuples, Scala's collections and Spark's own classes.
 *
 * <p>It serves a Kryo without Spark too, such as the one that packs the {@code byte[]} of a session
 * that runs under another serialiser.
 */
public final class LockstepKryoRegistrator implements KryoRegistrator {
  /**
   * What is registered, in the order of its numbers. A number stands for a class on the wire, so
   * both ends need the same list: its order is part of a version, and new classes go to the end. A
   * record is {@code new Registration(R.class, () -> new RecordSerializer<>(R.class))}; an RDD with
   * R's own ClassTag gathers into {@code R[]}, which is then a class too ({@code glom} into {@code
   * List[]}).
   */
  private static final List<Registration> CLASSES =
      List.of(
          new Registration(float[].class, FloatArraySerializer::new),
          plain(float[][].class),
          plain(double[].class),
          plain(long[].class),
          plain(int[].class),
          plain(byte[].class),
          plain(byte[][].class),
          plain(Object[].class),
          plain(List[].class),
          plain(ArrayList.class),
          plain(HashMap.class),
          plain(LinkedHashMap.class),
          plain(TreeMap.class),
          new Registration(List.of().getClass(), ImmutableListSerializer::new),
          new Registration(List.of(0).getClass(), ImmutableListSerializer::new),
          record(Node.class),
          record(NodeSum.class),
          plain(PartialSums.class),
          plain(PartialSums[].class),
          record(HeapShard.class),
          record(SlicedVector.class),
          record(EpochSums.class),
          record(Decisions.class),
          record(Monitors.class),
          record(State.class),
          record(StepRecord.class),
          record(Evaluation.class),
          record(ByteSums.class),
          record(FloatSums.class),
          record(ShardSums.class),
          record(ClassCounts.class),
          record(VectorErrors.class),
          record(Diagnosis.class),
          plain(Diagnosis.Symptom.class),
          record(Parcel.class),
          record(ExampleFormat.class),
          plain(ExampleFormat.Element.class),
          record(MicroBatchNorms.class),
          record(NoiseSample.class),
          record(NoiseAverages.class),
          record(WorstExample.class));

  /**
   * A class and what makes its serialiser.
   *
   * @param type the class
   * @param serializer makes a new one for each Kryo; null for Kryo's default
   */
  private record Registration(Class<?> type, Supplier<Serializer<?>> serializer) {}

  private static Registration plain(Class<?> type) {
    return new Registration(type, null);
  }

  private static <R extends Record> Registration record(Class<R> type) {
    return new Registration(type, () -> new RecordSerializer<>(type));
  }

  @Override
  public void registerClasses(Kryo kryo) {
    for (Registration each : CLASSES) {
      if (each.serializer == null) {
        kryo.register(each.type);
      } else {
        kryo.register(each.type, each.serializer.get());
      }
    }
    // It has no constructor without arguments, which Kryo alone would look for.
    kryo.getRegistration(PartialSums.class).setInstantiator(() -> new PartialSums(1, 0, 0));
  }
}
