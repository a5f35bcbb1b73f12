package dev.lockstep.train;

import dev.lockstep.data.BatchPlan;
import dev.lockstep.data.ShardRoom;
import dev.lockstep.metric.Evaluation;
import dev.lockstep.serialization.model.Model;
import dev.lockstep.spark.ExampleRows;
import dev.lockstep.spark.SparkEvaluation;
import dev.lockstep.spark.SparkShards;
import java.util.List;
import java.util.OptionalInt;
import org.apache.spark.api.java.JavaSparkContext;

/** How well a model does on the rows of a table. */
public final class TableEvaluation {
  /** Sums are taken over so many fixed parts, so that no partitioning changes a bit. */
  private static final int PARTS = 64;

  private TableEvaluation() {}

  /**
   * Evaluates a model as Spark jobs.
   *
   * @throws dev.lockstep.data.DataException if a row cannot be an example of it
   * @throws dev.lockstep.spark.ClusterException if the cluster could not do it
   */
  public static Evaluation of(Model model, ExampleRows rows) {
    JavaSparkContext spark = JavaSparkContext.fromSparkContext(rows.rows().context());
    BatchPlan plan = new BatchPlan(rows.examples(), 1, PARTS, 0, false);
    int parts = Math.min(PARTS, SparkSessions.awaitSlots(spark, OptionalInt.empty()));
    try (SparkShards shards = SparkShards.load(rows, plan, parts, ShardRoom.HEAP)) {
      return SparkEvaluation.of(
              spark, model.network(), model.loss(), model.parameters(), List.of(shards), "auto")
          .get(0);
    }
  }
}
