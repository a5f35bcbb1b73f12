package dev.lockstep.ml;

import dev.lockstep.config.ConfigException;
import dev.lockstep.serialization.model.Model;
import dev.lockstep.train.TableTraining;
import java.util.List;
import org.apache.spark.ml.classification.ProbabilisticClassificationModel;
import org.apache.spark.ml.linalg.DenseVector;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.param.StringArrayParam;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.ml.util.MLWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
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
    implements LockstepModel {
  private static final long serialVersionUID = 1;

  /** Not initialised here: Spark's constructor asks for it before. */
  private String uid;

  private StringArrayParam inputCols;

  private final Scorer scorer;
  private final LockstepClassificationTrainingSummary summary;

  /**
   * What training came to.
   *
   * @param uid the name of the stage that trained it, which it goes by too
   */
  LockstepClassificationModel(String uid, TableTraining.Result result) {
    this(
        Uids.next(uid),
        new Scorer.Whole(result.model()),
        new LockstepClassificationTrainingSummary(result));
  }

  private LockstepClassificationModel(
      Void unusedName, Scorer scorer, LockstepClassificationTrainingSummary summary) {
    this.scorer = scorer;
    this.summary = summary;
  }

  @Override
  public String uid() {
    if (uid == null) {
      uid = Uids.take("lockstepModel");
    }
    return uid;
  }

  /** Likewise. */
  @Override
  public StringArrayParam inputCols() {
    if (inputCols == null) {
      inputCols = TrainingParams.inputCols(this);
    }
    return inputCols;
  }

  @Override
  public Model model() {
    return ((Scorer.Whole) scorer).model();
  }

  @Override
  public boolean hasSummary() {
    return summary != null;
  }

  @Override
  public LockstepClassificationTrainingSummary summary() {
    return Prediction.present(summary);
  }

  @Override
  public int numClasses() {
    return scorer.loss().classes(scorer.outputs());
  }

  @Override
  public int numFeatures() {
    return scorer.inputs();
  }

  @Override
  public Dataset<Row> transform(Dataset<?> dataset) {
    if (!(scorer instanceof Scorer.Whole whole)) {
      return super.transform(dataset);
    }
    return columns()
        .transform(
            dataset,
            uid() + "_features",
            (table, column) ->
                with(whole.sent(table.sparkSession()), ParamMap.empty())
                    .setFeaturesCol(column)
                    .transform(table));
  }

  private Prediction columns() {
    return Prediction.of(this, getFeaturesCol());
  }

  @Override
  public Vector predictRaw(Object features) {
    return new DenseVector(scorer.raw(features, columns()));
  }

  @Override
  public Vector raw2probabilityInPlace(Vector raw) {
    scorer.toProbabilities(((DenseVector) raw).values());
    return raw;
  }

  /**
   * How well the model does on a table that has labels.
   *
   * @throws dev.lockstep.data.DataException for rows that cannot be examples
   */
  public LockstepClassificationSummary evaluate(Dataset<?> dataset) {
    return new LockstepClassificationSummary(
        columns().evaluate(this, dataset, getLabelCol(), /* isClass= */ true));
  }

  @Override
  public StructType validateAndTransformSchema(
      StructType schema, boolean fitting, DataType featuresDataType) {
    return Schemas.transformed(
        schema,
        columns().features(schema),
        List.of(getRawPredictionCol(), getProbabilityCol()),
        getPredictionCol());
  }

  @Override
  public LockstepClassificationModel copy(ParamMap extra) {
    return with(scorer, extra);
  }

  private LockstepClassificationModel with(Scorer other, ParamMap extra) {
    // What goes with tasks leaves behind what they do not need.
    var told = other instanceof Scorer.Whole ? summary : null;
    LockstepClassificationModel copy =
        new LockstepClassificationModel(Uids.next(uid()), other, told);
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
    return new ModelDirectory.Writer(this, model());
  }

  /**
   * A stage of what {@code deploy/lockstep train} has trained.
   *
   * @param path the run directory, or its model directory, on any Hadoop file system
   * @throws ConfigException if there is no model, or it is of the other kind
   */
  public static LockstepClassificationModel ofRun(String path) {
    Model model = ModelDirectory.read(path, SparkSession.active());
    if (Prediction.isNumber(model)) {
      throw new ConfigException(
          "%s has a model that estimates numbers; want LockstepRegressionModel for it"
              .formatted(path));
    }
    return of(model);
  }

  /** A stage of a network. */
  static LockstepClassificationModel of(Model model) {
    return new LockstepClassificationModel(null, new Scorer.Whole(model), null);
  }

  /** Reads one that was saved. */
  public static MLReader<LockstepClassificationModel> read() {
    return new ModelDirectory.Reader<>(
        LockstepClassificationModel.class,
        (uid, model) ->
            new LockstepClassificationModel(Uids.next(uid), new Scorer.Whole(model), null));
  }

  /** Reads one that was saved. */
  public static LockstepClassificationModel load(String path) {
    return read().load(path);
  }
}
