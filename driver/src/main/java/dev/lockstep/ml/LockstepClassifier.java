package dev.lockstep.ml;

import dev.lockstep.config.ConfigException;
import dev.lockstep.data.DataException;
import dev.lockstep.engine.DivergedException;
import dev.lockstep.spark.ClusterException;
import dev.lockstep.table.TableColumns;
import java.util.List;
import org.apache.spark.ml.attribute.Attribute;
import org.apache.spark.ml.attribute.NominalAttribute;
import org.apache.spark.ml.classification.ProbabilisticClassifier;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.DefaultParamsWritable;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * A feed-forward network that tells classes apart, trained in step over all tasks: a stage of
 * Spark's pipelines with the parameters of {@code MultilayerPerceptronClassifier}.
 *
 * <p>Features are a column of vectors, dense or sparse, of arrays of numbers, or of bytes (each a
 * feature from 0 to 255, of which a 255th is the input); or columns of a number each. Numbers are
 * narrowed to floats. Labels are whole numbers from 0. The same rows in the same order give the
 * same bits, however they are partitioned and wherever tasks run.
 *
 * <p>{@code fit} throws {@link ConfigException} for parameters that cannot be, {@link
 * DataException} for rows that cannot be examples, naming the column, {@link DivergedException} and
 * {@link ClusterException}.
 */
public final class LockstepClassifier
    extends ProbabilisticClassifier<Object, LockstepClassifier, LockstepClassificationModel>
    implements LockstepParams<LockstepClassifier>, DefaultParamsWritable {
  private static final long serialVersionUID = 1;

  /** Not initialised here: Spark's constructor asks for it before. */
  private String uid;

  private TrainingParams training;

  /** With a name of its own. */
  public LockstepClassifier() {
    training().setDefaults();
  }

  /** With a name that is given. */
  public LockstepClassifier(String uid) {
    this(Uids.next(uid));
  }

  private LockstepClassifier(Void unusedName) {
    this();
  }

  /** Reads one that was saved. */
  public static MLReader<LockstepClassifier> read() {
    return new DefaultParamsReader<>();
  }

  /** Reads one that was saved. */
  public static LockstepClassifier load(String path) {
    return read().load(path);
  }

  @Override
  public String uid() {
    if (uid == null) {
      uid = Uids.take("lockstep");
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
        schema,
        training().features(schema, getFeaturesCol()),
        List.of(getRawPredictionCol(), getProbabilityCol()),
        getPredictionCol());
  }

  @Override
  public LockstepClassificationModel train(Dataset<?> dataset) {
    StructType schema = dataset.schema();
    TableColumns columns =
        training().columns(schema, getFeaturesCol(), getLabelCol(), /* isClass= */ true);
    Goal goal = new Goal.ClassOf(getLabelCol(), declared(schema.apply(getLabelCol())));
    return new LockstepClassificationModel(uid(), new Fit(training(), columns, goal).of(dataset));
  }

  /** How many classes a column's metadata knows of, as a StringIndexer leaves them; 0 for none. */
  private static int declared(StructField label) {
    return Attribute.fromStructField(label) instanceof NominalAttribute nominal
            && nominal.getNumValues().isDefined()
        ? (int) nominal.getNumValues().get()
        : 0;
  }

  @Override
  public LockstepClassifier copy(ParamMap extra) {
    return defaultCopy(extra);
  }
}
