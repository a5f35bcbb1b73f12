package dev.lockstep.ml;

import dev.lockstep.serialization.model.Model;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.param.Params;
import org.apache.spark.ml.param.StringArrayParam;
import org.apache.spark.ml.util.MLWritable;

/** What trained stages have in common. */
public interface LockstepModel extends Params, MLWritable {
  /** Columns of a feature each, instead of featuresCol. */
  StringArrayParam inputCols();

  /** The value of {@link #inputCols}. */
  default String[] getInputCols() {
    return getOrDefault(inputCols());
  }

  /** The network and its parameters. */
  Model model();

  /**
   * Its parameters in the order of {@code MultilayerPerceptronClassificationModel}: layer after
   * layer, the weights of all outputs to the first input, then to the second and so on, and then
   * the biases.
   */
  default Vector weights() {
    return InitialWeights.of(model()).weights();
  }

  /** Whether this was trained in this session, and not read. */
  boolean hasSummary();

  /**
   * How training went.
   *
   * @throws IllegalStateException if this was read from a file
   */
  LockstepTrainingSummary summary();
}
