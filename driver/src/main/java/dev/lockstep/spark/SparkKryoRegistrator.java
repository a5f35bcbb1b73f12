package dev.lockstep.spark;

import com.esotericsoftware.kryo.Kryo;
import dev.lockstep.serialization.kryo.LockstepKryoRegistrator;
import dev.lockstep.serialization.kryo.RecordSerializer;
import org.apache.spark.serializer.KryoRegistrator;

/** Registers what crosses the wire in jobs of the driver, after the classes of the core. */
public final class SparkKryoRegistrator implements KryoRegistrator {
  @Override
  public void registerClasses(Kryo kryo) {
    new LockstepKryoRegistrator().registerClasses(kryo);
    kryo.register(RankShards.class);
    kryo.register(RankShards[].class);
    kryo.register(ExampleRow.class, new RecordSerializer<>(ExampleRow.class));
  }
}
