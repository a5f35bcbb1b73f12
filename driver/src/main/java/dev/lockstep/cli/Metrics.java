package dev.lockstep.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.metric.ClassCounts;
import dev.lockstep.metric.Evaluation;
import dev.lockstep.metric.VectorErrors;
import java.util.Optional;

/** An {@link Evaluation} as JSON. */
final class Metrics {
  private Metrics() {}

  /** Adds all that an evaluation of at least one example says. */
  static void put(ObjectNode json, Evaluation evaluation, Optional<Integer> topK) {
    json.put("examples", evaluation.examples());
    json.put("loss", evaluation.meanLoss());
    if (!evaluation.classes().isEmpty()) {
      putClasses(json, evaluation, topK);
    }
    VectorErrors errors = evaluation.errors();
    if (!errors.isEmpty()) {
      json.put("mse", errors.meanSquaredError());
      json.put("mae", errors.meanAbsoluteError());
      json.put("r2", errors.r2());
    }
  }

  private static void putClasses(ObjectNode json, Evaluation evaluation, Optional<Integer> topK) {
    ClassCounts counts = evaluation.classes();
    json.put("accuracy", counts.accuracy());
    topK.ifPresent(k -> json.put("top_%d_accuracy".formatted(k), counts.topAccuracy(k)));
    evaluation.logLoss().ifPresent(logLoss -> json.put("log_loss", logLoss));
    json.put("macro_precision", counts.macroPrecision());
    json.put("macro_recall", counts.macroRecall());
    json.put("macro_f1", counts.macroF1());
    ArrayNode classes = json.putArray("classes");
    for (int c = 0; c < counts.classes(); c++) {
      ObjectNode ofClass = classes.addObject();
      ofClass.put("class", c);
      ofClass.put("examples", counts.examples().get(c));
      ofClass.put("predicted", counts.predicted().get(c));
      ofClass.put("precision", counts.precision(c));
      ofClass.put("recall", counts.recall(c));
      ofClass.put("f1", counts.f1(c));
    }
    if (!counts.confusion().isEmpty()) {
      ArrayNode confusion = json.putArray("confusion");
      for (int c = 0; c < counts.classes(); c++) {
        counts.confusion(c).forEach(confusion.addArray()::add);
      }
    }
  }
}
