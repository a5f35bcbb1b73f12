package dev.lockstep.ml;

import dev.lockstep.data.ExampleFormat.Element;
import dev.lockstep.kernel.KernelChoice;
import dev.lockstep.loss.Loss;
import dev.lockstep.network.Network;
import dev.lockstep.network.Predictor;
import dev.lockstep.serialization.model.Model;
import java.io.Serializable;
import java.util.Arrays;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;

/** A network at work on rows, in any thread. */
abstract sealed class Scorer implements Serializable {
  private static final long serialVersionUID = 1;

  private final Network network;
  private final Loss loss;
  private final Element element;
  private transient volatile Predictor predictor;

  private Scorer(Network network, Loss loss, Element element) {
    this.network = network;
    this.loss = loss;
    this.element = element;
  }

  /** What it was trained with. */
  Loss loss() {
    return loss;
  }

  /** I. */
  int inputs() {
    return network.inputs();
  }

  /** O. */
  int outputs() {
    return network.outputs();
  }

  /** In panel order. */
  abstract float[] parameters();

  /**
   * Outputs y[O].
   *
   * @param features what a row has in the column of features
   * @param columns which it is
   */
  float[] outputs(Object features, Prediction columns) {
    return predictor().predict(columns.found(features).inputs(features, network.inputs(), element));
  }

  /**
   * The outputs that stand for classes: of a single one, minus what is above its threshold and it.
   */
  double[] raw(Object features, Prediction columns) {
    float[] outputs = outputs(features, columns);
    if (outputs.length == 1) {
      double margin = outputs[0] - (double) loss.threshold();
      return new double[] {-margin, margin};
    }
    double[] raw = new double[outputs.length];
    Arrays.setAll(raw, o -> outputs[o]);
    return raw;
  }

  /**
   * Makes probabilities of such outputs, in their place: their softmax. Of two classes of one
   * output, the softmax of half of each is the sigmoid of the output.
   */
  void toProbabilities(double[] raw) {
    double scale = outputs() == 1 ? 0.5 : 1;
    double max = Arrays.stream(raw).max().orElseThrow();
    double sum = 0;
    for (int c = 0; c < raw.length; c++) {
      raw[c] = StrictMath.exp(scale * (raw[c] - max));
      sum += raw[c];
    }
    for (int c = 0; c < raw.length; c++) {
      raw[c] /= sum;
    }
  }

  /** The number that a network estimates which is no classifier. */
  double estimate(Object features, Prediction columns) {
    return loss.estimate(outputs(features, columns)[0]);
  }

  private Predictor predictor() {
    if (predictor == null) {
      predictor = new Predictor(network, parameters(), KernelChoice.of("auto").kernels());
    }
    return predictor;
  }

  /** One that has all in itself. */
  static final class Whole extends Scorer {
    private static final long serialVersionUID = 1;

    private final Model model;

    Whole(Model model) {
      super(model.network(), model.loss(), model.element());
      this.model = model;
    }

    Model model() {
      return model;
    }

    @Override
    float[] parameters() {
      return model.parameters();
    }

    /** The same, with parameters that executors get once, when they need them. */
    Sent sent(SparkSession spark) {
      return new Sent(
          this,
          JavaSparkContext.fromSparkContext(spark.sparkContext()).broadcast(model.parameters()));
    }
  }

  /** One that goes with tasks, while its parameters go their own way. */
  static final class Sent extends Scorer {
    private static final long serialVersionUID = 1;

    private final Broadcast<float[]> parameters;

    private Sent(Scorer whole, Broadcast<float[]> parameters) {
      super(whole.network, whole.loss, whole.element);
      this.parameters = parameters;
    }

    @Override
    float[] parameters() {
      return parameters.value();
    }
  }
}
