package dev.lockstep.compare;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.config.ConfigException;
import dev.lockstep.config.DataConfig;
import dev.lockstep.data.Split;
import dev.lockstep.metric.Evaluation;
import dev.lockstep.serialization.model.Model;
import dev.lockstep.spark.SparkShards;
import dev.lockstep.table.TableFiles;
import dev.lockstep.train.Figures;
import dev.lockstep.train.Json;
import dev.lockstep.train.ModelEvaluation;
import dev.lockstep.train.RunDirectory;
import java.io.IOException;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;

/** The line through the solutions of two runs, on the way to being walked. */
public final class Line {
  private final String first;
  private final String second;
  private final Segment segment;

  private Line(String first, String second, Segment segment) {
    this.first = first;
    this.second = second;
    this.segment = segment;
  }

  /**
   * Between the models of two runs.
   *
   * @throws ConfigException if there are none, or none of one network
   */
  public static Line between(RunDirectory first, RunDirectory second) throws IOException {
    try {
      return new Line(
          first.location(), second.location(), new Segment(model(first), model(second)));
    } catch (IllegalArgumentException e) {
      throw new ConfigException(
          "%s and %s: %s".formatted(first.location(), second.location(), e.getMessage()), e);
    }
  }

  private static Model model(RunDirectory run) throws IOException {
    if (!run.exists()) {
      throw new ConfigException("%s holds no run".formatted(run.location()));
    }
    if (!run.hasModel()) {
      throw new ConfigException(
          "%s is not finished and has no model; resume it first".formatted(run.location()));
    }
    return run.model();
  }

  /**
   * Refuses data that no line is evaluated on.
   *
   * @throws ConfigException if a URI is that of a table
   */
  public static void check(String uri) throws IOException {
    if (TableFiles.find(uri).isPresent()) {
      throw new ConfigException(
          "%s is a table; lines are evaluated on IDX, CIFAR-10 and synthetic data".formatted(uri));
    }
  }

  /**
   * Evaluates the network at places of the line, on the training and the test set.
   *
   * @return {@code first}, {@code second}, {@code distance} and {@code line}, an array with {@code
   *     at}, {@code train_loss}, {@code test_loss} and accuracies of each place
   * @throws dev.lockstep.data.DataException if the models take other examples
   */
  public ObjectNode walk(JavaSparkContext spark, DataConfig data, Places places)
      throws IOException {
    ObjectNode json = Json.MAPPER.createObjectNode();
    json.put("first", first);
    json.put("first_sha256", segment.first().sha256());
    json.put("second", second);
    json.put("second_sha256", segment.second().sha256());
    json.put("distance", segment.length());
    ArrayNode line = json.putArray("line");
    Model model = segment.first();
    try (SparkShards train = ModelEvaluation.load(spark, model, data, Split.TRAIN);
        SparkShards test = ModelEvaluation.load(spark, model, data, Split.TEST)) {
      for (double place : places.all()) {
        List<Evaluation> scores =
            ModelEvaluation.of(spark, model, segment.at(place), List.of(train, test));
        ObjectNode point = line.addObject();
        point.put("at", place);
        Figures.put(point, "train_", scores.get(0));
        Figures.put(point, "test_", scores.get(1));
      }
    }
    return json;
  }
}
