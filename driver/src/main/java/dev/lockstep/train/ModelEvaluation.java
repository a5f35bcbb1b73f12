package dev.lockstep.train;

import dev.lockstep.config.DataConfig;
import dev.lockstep.data.BatchPlan;
import dev.lockstep.data.DataException;
import dev.lockstep.data.ExampleFormat.Element;
import dev.lockstep.data.ExampleSource;
import dev.lockstep.data.ShardRoom;
import dev.lockstep.data.Split;
import dev.lockstep.metric.Evaluation;
import dev.lockstep.serialization.model.Model;
import dev.lockstep.source.DataMemory;
import dev.lockstep.source.DataSets;
import dev.lockstep.spark.ExampleRows;
import dev.lockstep.spark.SparkEvaluation;
import dev.lockstep.spark.SparkShards;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import org.apache.spark.api.java.JavaSparkContext;

/** How well a model does on examples that Spark's executors hold. */
public final class ModelEvaluation {
  /** Sums are taken over so many fixed parts, so that no partitioning changes a bit. */
  private static final int PARTS = 64;

  private ModelEvaluation() {}

  /**
   * Evaluates a model on the rows of a table.
   *
   * @throws DataException if a row cannot be an example of it
   * @throws dev.lockstep.spark.ClusterException if the cluster could not do it
   */
  public static Evaluation of(Model model, ExampleRows rows) {
    JavaSparkContext spark = JavaSparkContext.fromSparkContext(rows.rows().context());
    BatchPlan plan = parts(rows.examples());
    try (SparkShards shards = SparkShards.load(rows, plan, ranks(spark), ShardRoom.HEAP)) {
      return of(spark, model, model.parameters(), List.of(shards)).get(0);
    }
  }

  /**
   * Evaluates other parameters of a model's network on sets of examples, one after the other.
   *
   * @throws dev.lockstep.spark.ClusterException if the cluster could not do it
   */
  public static List<Evaluation> of(
      JavaSparkContext spark, Model model, float[] parameters, List<SparkShards> sets) {
    return SparkEvaluation.of(spark, model.network(), model.loss(), parameters, sets, "auto");
  }

  /**
   * Takes a split of a data set to the executors.
   *
   * @throws DataException if its examples are none of the model's
   * @throws IOException if it cannot be read
   */
  public static SparkShards load(JavaSparkContext spark, Model model, DataConfig data, Split split)
      throws IOException {
    ExampleSource source = DataSets.open(data.uri(), split);
    Element element = source.format().element();
    if (source.features() != model.inputs() || element != model.element()) {
      throw new DataException(
          "%s: examples of %d features, %s; the model takes %d, %s"
              .formatted(
                  data.uri(),
                  source.features(),
                  plural(element),
                  model.inputs(),
                  plural(model.element())));
    }
    int classes = model.loss().classes(model.network().outputs());
    BatchPlan plan = parts(source.examples());
    return SparkShards.load(spark, source, plan, ranks(spark), classes, DataMemory.of(data));
  }

  private static String plural(Element element) {
    return element.name().toLowerCase(Locale.ROOT) + "s";
  }

  private static BatchPlan parts(long examples) {
    return new BatchPlan(examples, 1, PARTS, 0, false);
  }

  private static int ranks(JavaSparkContext spark) {
    return Math.min(PARTS, SparkSessions.awaitSlots(spark, OptionalInt.empty()));
  }
}
