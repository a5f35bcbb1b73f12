package dev.lockstep.ml;

import dev.lockstep.table.TableColumns;
import java.util.List;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.regression.Regressor;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.DefaultParamsWritable;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructType;

/**
 * A feed-forward network that estimates a number for each row, trained in step over all tasks: a
 * stage of Spark's pipelines with the parameters of {@link LockstepClassifier}. The network has one
 * output, and the mean squared error as its loss unless {@code network} names another.
 *
 * <p>{@code fit} throws as {@link LockstepClassifier}'s does.
 */
public final class LockstepRegressor
    extends Regressor<Object, LockstepRegressor, LockstepRegressionModel>
    implements LockstepParams<LockstepRegressor>, DefaultParamsWritable {
  private static final long serialVersionUID = 1;

  /** Not initialised here: Spark's constructor asks for it before. */
  private String uid;

  private TrainingParams training;

  /** With a name of its own. */
  public LockstepRegressor() {
    training().setDefaults();
  }

  /** With a name that is given. */
  public LockstepRegressor(String uid) {
    this(Uids.next(uid));
  }

  private LockstepRegressor(Void unusedName) {
    this();
  }

  /** Reads one that was saved. */
  public static MLReader<LockstepRegressor> read() {
    return new DefaultParamsReader<>();
  }

  /** Reads one that was saved. */
  public static LockstepRegressor load(String path) {
    return read().load(path);
  }

  @Override
  public String uid() {
    if (uid == null) {
      uid = Uids.take("lockstepRegressor");
    }
    return uid;
  }

  /** Likewise. */
  @Override
  public TrainingParams training() {
    if (training == null) {
      training = new TrainingParams(this);
    }
    return training;
  }

  @Override
  public String explainParam(Param<?> param) {
    return training().explain(param, super.explainParam(param));
  }

  @Override
  public StructType transformSchema(StructType schema) {
    return validateAndTransformSchema(schema, true, featuresDataType());
  }

  /** As Spark's, but for more forms of features, and with the columns that only training reads. */
  @Override
  public StructType validateAndTransformSchema(
      StructType schema, boolean fitting, DataType featuresDataType) {
    if (fitting) {
      Schemas.checkTraining(schema, training(), getLabelCol());
    }
    return Schemas.transformed(
        schema, training().features(schema, getFeaturesCol()), List.of(), getPredictionCol());
  }

  @Override
  public LockstepRegressionModel train(Dataset<?> dataset) {
    StructType schema = dataset.schema();
    TableColumns columns =
        training().columns(schema, getFeaturesCol(), getLabelCol(), /* isClass= */ false);
    return new LockstepRegressionModel(
        uid(), new Fit(training(), columns, new Goal.NumberOf(getLabelCol())).of(dataset));
  }

  @Override
  public LockstepRegressor copy(ParamMap extra) {
    return defaultCopy(extra);
  }
}
