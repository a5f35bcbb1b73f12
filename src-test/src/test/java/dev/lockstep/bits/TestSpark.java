package dev.lockstep.bits;

import dev.lockstep.spark.SparkKryoRegistrator;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;

/** Spark as Lockstep opens it, in this JVM. */
final class TestSpark {
  private TestSpark() {}

  static JavaSparkContext open(int slots) {
    JavaSparkContext spark =
        new JavaSparkContext(
            new SparkConf()
                .setMaster("local[" + slots + "]")
                .setAppName("tests")
                .set("spark.ui.enabled", "false")
                .set("spark.serializer", "org.apache.spark.serializer.KryoSerializer")
                .set("spark.kryo.registrator", SparkKryoRegistrator.class.getName())
                .set("spark.kryo.registrationRequired", "true"));
    spark.setLogLevel("ERROR");
    return spark;
  }
}
