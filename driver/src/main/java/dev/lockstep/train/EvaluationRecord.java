package dev.lockstep.train;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.data.BatchPlan;
import dev.lockstep.data.ExampleSet;
import dev.lockstep.metric.ClassCounts;
import dev.lockstep.metric.Evaluation;
import dev.lockstep.metric.WorstExample;
import java.util.Optional;

/**
 * {@code evaluation.json}: how the final model does on the test set, class by class and where it
 * does worst, and what the run was done with.
 */
final class EvaluationRecord {
  private EvaluationRecord() {}

  /**
   * What it says.
   *
   * @param test over the test set; empty if there is none
   * @param spark the version of Spark; empty for none
   */
  static ObjectNode of(ResolvedRun run, Optional<Evaluation> test, String spark) {
    ObjectNode json = Json.MAPPER.createObjectNode();
    if (test.isPresent() && run.test().isPresent()) {
      put(json.putObject("test"), test.get(), run.test().get(), run);
    }
    ObjectNode provenance = json.putObject("provenance");
    provenance.put("train_examples", run.train().examples());
    provenance.put("jdk", System.getProperty("java.vm.name") + " " + Runtime.version());
    provenance.put("os", System.getProperty("os.name") + " " + System.getProperty("os.version"));
    provenance.put("architecture", System.getProperty("os.arch"));
    provenance.put("processors", Runtime.getRuntime().availableProcessors());
    provenance.put("spark_version", spark.isEmpty() ? "none" : spark);
    return json;
  }

  private static void put(ObjectNode json, Evaluation test, ExampleSet set, ResolvedRun run) {
    json.put("examples", test.examples());
    Figures.put(json, "", test);
    set.shape().forEach(json.putArray("shape")::add);
    if (!test.classes().isEmpty()) {
      put(json, test.classes());
    }
    if (!test.worst().isEmpty()) {
      BatchPlan plan = run.evaluationPlan(set);
      ArrayNode worst = json.putArray("worst");
      test.worst().forEach(example -> put(worst.addObject(), example, plan));
    }
  }

  private static void put(ObjectNode json, ClassCounts counts) {
    ArrayNode classes = json.putArray("classes");
    for (int c = 0; c < counts.classes(); c++) {
      ObjectNode one = classes.addObject();
      one.put("class", c);
      one.put("examples", counts.examples().get(c));
      one.put("predicted", counts.predicted().get(c));
      one.put("correct", counts.correct().get(c));
      one.put("precision", counts.precision(c));
      one.put("recall", counts.recall(c));
      one.put("f1", counts.f1(c));
    }
    if (!counts.confusion().isEmpty()) {
      ArrayNode confusion = json.putArray("confusion");
      for (int c = 0; c < counts.classes(); c++) {
        counts.confusion(c).forEach(confusion.addArray()::add);
      }
    }
  }

  private static void put(ObjectNode json, WorstExample example, BatchPlan plan) {
    json.put("index", example.index(plan));
    json.put("label", example.label());
    json.put("prediction", example.predicted());
    json.put("loss", example.loss());
    if (example.pixels().length > 0) {
      json.put("pixels", example.pixels());
    }
  }
}
