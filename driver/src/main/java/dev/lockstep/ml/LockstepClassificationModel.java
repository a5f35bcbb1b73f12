package dev.lockstep.ml;

import dev.lockstep.kernel.KernelChoice;
import dev.lockstep.network.Predictor;
import dev.lockstep.serialization.model.Model;
import dev.lockstep.train.TableTraining;
import java.util.List;
import org.apache.spark.ml.classification.ProbabilisticClassificationModel;
import org.apache.spark.ml.linalg.DenseVector;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.DefaultParamsReader$;
import org.apache.spark.ml.util.DefaultParamsWriter$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.ml.util.MLWritable;
import org.apache.spark.ml.util.MLWriter;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructType;

/**
 * What {@link LockstepClassifier} makes: a stage that adds to each row what the network's outputs
 * are ({@code rawPredictionCol}), what they say of each class ({@code probabilityCol}), and the
 * class that they speak for ({@code predictionCol}).
 *
 * <p>Raw predictions are the outputs; of a network with one output, minus it and it. Probabilities
 * are their softmax, or the sigmoid of a single one. A loss that gives none, such as hinge, has
 * those too, which are then no more than an order.
 */
public final class LockstepClassificationModel
    extends ProbabilisticClassificationModel<Object, LockstepClassificationModel>
    implements MLWritable {
  private static final long serialVersionUID = 1;

  /** Not initialised here: Spark's constructor asks for it before. */
  private String uid;

  private final Model model;
  private final LockstepTrainingSummary summary;
  private transient volatile Predictor predictor;

  LockstepClassificationModel(TableTraining.Result result) {
    this.model = result.model();
    this.summary = new LockstepTrainingSummary(result);
  }

  private LockstepClassificationModel(
      Void unusedName, Model model, LockstepTrainingSummary summary) {
    this.model = model;
    this.summary = summary;
  }

  @Override
  public String uid() {
    if (uid == null) {
      uid = Uids.take("lockstepModel");
    }
    return uid;
  }

  /** The network and its parameters. */
  public Model model() {
    return model;
  }

  /** Whether this was trained in this session, and not read. */
  public boolean hasSummary() {
    return summary != null;
  }

  /**
   * How training went.
   *
   * @throws IllegalStateException if this was read from a file
   */
  public LockstepTrainingSummary summary() {
    if (summary == null) {
      throw new IllegalStateException(
          "this model was read, and has no summary; only one that was just trained has");
    }
    return summary;
  }

  @Override
  public int numClasses() {
    return model.loss().classes(model.network().outputs());
  }

  @Override
  public int numFeatures() {
    return model.inputs();
  }

  private Predictor predictor() {
    if (predictor == null) {
      predictor =
          new Predictor(model.network(), model.parameters(), KernelChoice.of("auto").kernels());
    }
    return predictor;
  }

  @Override
  public Vector predictRaw(Object features) {
    float[] outputs = predictor().predict(Inputs.of(features, model));
    if (outputs.length == 1) {
      double margin = outputs[0] - (double) model.loss().threshold();
      return new DenseVector(new double[] {-margin, margin});
    }
    double[] raw = new double[outputs.length];
    for (int o = 0; o < raw.length; o++) {
      raw[o] = outputs[o];
    }
    return new DenseVector(raw);
  }

  /** Of two classes of one output, the softmax of half of each is the sigmoid of the output. */
  @Override
  public Vector raw2probabilityInPlace(Vector raw) {
    double[] values = ((DenseVector) raw).values();
    double scale = model.network().outputs() == 1 ? 0.5 : 1;
    double max = Double.NEGATIVE_INFINITY;
    for (double value : values) {
      max = Math.max(max, value);
    }
    double sum = 0;
    for (int c = 0; c < values.length; c++) {
      values[c] = StrictMath.exp(scale * (values[c] - max));
      sum += values[c];
    }
    for (int c = 0; c < values.length; c++) {
      values[c] /= sum;
    }
    return raw;
  }

  @Override
  public StructType validateAndTransformSchema(
      StructType schema, boolean fitting, DataType featuresDataType) {
    return Schemas.transformed(
        schema,
        getFeaturesCol(),
        List.of(),
        List.of(getRawPredictionCol(), getProbabilityCol()),
        getPredictionCol());
  }

  @Override
  public LockstepClassificationModel copy(ParamMap extra) {
    LockstepClassificationModel copy =
        new LockstepClassificationModel(Uids.next(uid()), model, summary);
    return copyValues(copy, extra).setParent(parent());
  }

  /**
   * Spark's classes have it with two types that Java takes for different ones; without any, it is
   * the same.
   */
  @Override
  @SuppressWarnings({"rawtypes", "unchecked"})
  public scala.Tuple3 findSummaryModel() {
    return new scala.Tuple3(this, "LockstepClassificationModel", "LockstepClassificationModel");
  }

  @Override
  public MLWriter write() {
    return new Writer(this);
  }

  /** Reads one that was saved. */
  public static MLReader<LockstepClassificationModel> read() {
    return new Reader();
  }

  /** Reads one that was saved. */
  public static LockstepClassificationModel load(String path) {
    return read().load(path);
  }

  private static final class Writer extends MLWriter {
    private final LockstepClassificationModel model;

    Writer(LockstepClassificationModel model) {
      this.model = model;
    }

    @Override
    public void saveImpl(String path) {
      DefaultParamsWriter$.MODULE$.saveMetadata(
          model, path, sparkSession(), scala.Option.empty(), scala.Option.empty());
      ModelDirectory.write(path, sparkSession(), model.model);
    }
  }

  private static final class Reader extends MLReader<LockstepClassificationModel> {
    @Override
    public LockstepClassificationModel load(String path) {
      DefaultParamsReader.Metadata metadata =
          DefaultParamsReader$.MODULE$.loadMetadata(
              path, sparkSession(), LockstepClassificationModel.class.getName());
      LockstepClassificationModel model =
          new LockstepClassificationModel(
              Uids.next(metadata.uid()), ModelDirectory.read(path, sparkSession()), null);
      metadata.getAndSetParams(model, scala.Option.empty());
      return model;
    }
  }
}
