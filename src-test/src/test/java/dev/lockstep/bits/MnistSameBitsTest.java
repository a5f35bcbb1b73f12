package dev.lockstep.bits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lockstep.config.ConfigReader;
import dev.lockstep.config.RunConfig;
import dev.lockstep.data.ExampleSource;
import dev.lockstep.data.Shard;
import dev.lockstep.data.Split;
import dev.lockstep.engine.Engine;
import dev.lockstep.engine.LocalEngine;
import dev.lockstep.engine.State;
import dev.lockstep.engine.Training;
import dev.lockstep.kernel.KernelChoice;
import dev.lockstep.source.DataSets;
import dev.lockstep.spark.AllReduceEngine;
import dev.lockstep.spark.SparkSettings;
import dev.lockstep.spark.SparkShards;
import dev.lockstep.spark.TreeEngine;
import dev.lockstep.spark.exchange.Hub;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The same bits for one epoch of the shipped MNIST recipe over the real data, engine by engine. */
class MnistSameBitsTest {
  private static final int CLASSES = 10;
  private static final int EPOCH = Integer.MAX_VALUE;

  private static ExampleSource source;
  private static Training training;
  private static State start;
  private static List<Shard> shards;
  private static Cell.Outcome reference;

  @BeforeAll
  static void train() throws IOException {
    Path mnist = Path.of(System.getProperty("lockstep.mnist", "lockstep.mnist is not set"));
    assumeTrue(Files.isDirectory(mnist), "SKIPPED: the real MNIST is not at " + mnist);
    Path conf = Path.of(System.getProperty("lockstep.home"), "conf", "mnist-mlp.conf");
    RunConfig config =
        ConfigReader.read(Optional.of(Files.readString(conf)), conf.toString(), List.of());
    source = DataSets.open(mnist.toString(), Split.TRAIN);
    training = config.toTraining(source.examples(), source.features());
    start =
        State.initial(training, config.init().scheme().parameters(training.network().layout(), 1));
    shards = Shard.read(source, training.plan(), 0, training.plan().shards(), CLASSES);
    reference = local("scalar", 7);
  }

  private static Cell.Outcome local(String kernel, int roundSteps) {
    try (Engine engine = new LocalEngine(training, shards, KernelChoice.of(kernel).kernels())) {
      return outcome(engine, roundSteps);
    }
  }

  private static Cell.Outcome outcome(Engine engine, int roundSteps) {
    return Cell.Outcome.of(engine, start, training.plan(), 1, roundSteps);
  }

  @ParameterizedTest
  @ValueSource(strings = {"vector128", "vector256", "vector512"})
  void kernels(String kernel) {
    assertThat(local(kernel, EPOCH)).isEqualTo(reference);
  }

  @Test
  void engines() {
    SparkSettings settings = new SparkSettings("auto", 1, 60_000, 60_000, Hub.Listen.ANYWHERE);
    try (JavaSparkContext spark = TestSpark.open(2)) {
      try (SparkShards two = SparkShards.load(spark, source, training.plan(), 2, CLASSES);
          Engine allreduce = new AllReduceEngine(spark, training, two, settings)) {
        assertThat(outcome(allreduce, EPOCH)).isEqualTo(reference);
      }
      try (SparkShards three = SparkShards.load(spark, source, training.plan(), 3, CLASSES);
          Engine tree = new TreeEngine(spark, training, three, settings)) {
        assertThat(outcome(tree, 7)).isEqualTo(reference);
      }
    }
  }
}
