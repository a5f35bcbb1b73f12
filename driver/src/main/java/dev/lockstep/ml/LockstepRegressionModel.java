package dev.lockstep.ml;

import dev.lockstep.config.ConfigException;
import dev.lockstep.serialization.model.Model;
import dev.lockstep.train.TableTraining;
import java.util.List;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.param.StringArrayParam;
import org.apache.spark.ml.regression.RegressionModel;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.ml.util.MLWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructType;

/**
 * What {@link LockstepRegressor} makes: a stage that adds to each row the number that the network
 * estimates ({@code predictionCol}).
 */
public final class LockstepRegressionModel extends RegressionModel<Object, LockstepRegressionModel>
    implements LockstepModel {
  private static final long serialVersionUID = 1;

  /** Not initialised here: Spark's constructor asks for it before. */
  private String uid;

  private StringArrayParam inputCols;

  private final Scorer scorer;
  private final LockstepRegressionTrainingSummary summary;

  /**
   * What training came to.
   *
   * @param uid the name of the stage that trained it, which it goes by too
   */
  LockstepRegressionModel(String uid, TableTraining.Result result) {
    this(
        Uids.next(uid),
        new Scorer.Whole(result.model()),
        new LockstepRegressionTrainingSummary(result));
  }

  private LockstepRegressionModel(
      Void unusedName, Scorer scorer, LockstepRegressionTrainingSummary summary) {
    this.scorer = scorer;
    this.summary = summary;
  }

  @Override
  public String uid() {
    if (uid == null) {
      uid = Uids.take("lockstepRegressionModel");
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
  public LockstepRegressionTrainingSummary summary() {
    return Prediction.present(summary);
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
  public double predict(Object features) {
    return scorer.estimate(features, columns());
  }

  /**
   * How well the model does on a table that has labels.
   *
   * @throws dev.lockstep.data.DataException for rows that cannot be examples
   */
  public LockstepRegressionSummary evaluate(Dataset<?> dataset) {
    return new LockstepRegressionSummary(
        columns().evaluate(this, dataset, getLabelCol(), /* isClass= */ false));
  }

  @Override
  public StructType validateAndTransformSchema(
      StructType schema, boolean fitting, DataType featuresDataType) {
    return Schemas.transformed(schema, columns().features(schema), List.of(), getPredictionCol());
  }

  @Override
  public LockstepRegressionModel copy(ParamMap extra) {
    return with(scorer, extra);
  }

  private LockstepRegressionModel with(Scorer other, ParamMap extra) {
    // What goes with tasks leaves behind what they do not need.
    var told = other instanceof Scorer.Whole ? summary : null;
    LockstepRegressionModel copy = new LockstepRegressionModel(Uids.next(uid()), other, told);
    return copyValues(copy, extra).setParent(parent());
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
  public static LockstepRegressionModel ofRun(String path) {
    Model model = ModelDirectory.read(path, SparkSession.active());
    if (!Prediction.isNumber(model)) {
      throw new ConfigException(
          "%s has a model that tells classes apart; want LockstepClassificationModel for it"
              .formatted(path));
    }
    return of(model);
  }

  /** A stage of a network. */
  static LockstepRegressionModel of(Model model) {
    return new LockstepRegressionModel(null, new Scorer.Whole(model), null);
  }

  /** Reads one that was saved. */
  public static MLReader<LockstepRegressionModel> read() {
    return new ModelDirectory.Reader<>(
        LockstepRegressionModel.class,
        (uid, model) -> new LockstepRegressionModel(Uids.next(uid), new Scorer.Whole(model), null));
  }

  /** Reads one that was saved. */
  public static LockstepRegressionModel load(String path) {
    return read().load(path);
  }
}
