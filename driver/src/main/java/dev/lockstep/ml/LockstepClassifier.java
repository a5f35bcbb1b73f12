package dev.lockstep.ml;

import dev.lockstep.config.ConfigException;
import dev.lockstep.config.RunConfig;
import dev.lockstep.data.DataException;
import dev.lockstep.engine.DivergedException;
import dev.lockstep.spark.ClusterException;
import dev.lockstep.spark.ExampleRows;
import dev.lockstep.spark.SparkKryoRegistrator;
import dev.lockstep.train.TableTraining;
import java.util.List;
import java.util.Optional;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.ml.classification.ProbabilisticClassifier;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntArrayParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.LongParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.DefaultParamsWritable;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A feed-forward network that tells classes apart, trained in step over all tasks: a stage of
 * Spark's pipelines with the parameters of {@code MultilayerPerceptronClassifier}.
 *
 * <p>Features are a column of vectors, dense or sparse, of arrays of numbers, or of bytes (each a
 * feature from 0 to 255, of which a 255th is the input). Numbers are narrowed to floats. Labels are
 * whole numbers from 0. The same rows in the same order give the same bits, however they are
 * partitioned and wherever tasks run.
 *
 * <p>{@code fit} throws {@link ConfigException} for parameters that cannot be, {@link
 * DataException} for rows that cannot be examples, naming the column, {@link DivergedException} and
 * {@link ClusterException}.
 */
public final class LockstepClassifier
    extends ProbabilisticClassifier<Object, LockstepClassifier, LockstepClassificationModel>
    implements DefaultParamsWritable {
  private static final long serialVersionUID = 1;
  private static final Logger LOG = LoggerFactory.getLogger(LockstepClassifier.class);

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
  private TrainingParams training() {
    if (training == null) {
      training = new TrainingParams(this);
    }
    return training;
  }

  /** Sizes of layers, from features to classes. */
  public IntArrayParam layers() {
    return training().layers;
  }

  /** Sets {@link #layers}. */
  public LockstepClassifier setLayers(int[] value) {
    set(layers(), value);
    return this;
  }

  /** All else, in the configuration language. */
  public Param<String> network() {
    return training().network;
  }

  /** Sets {@link #network}. */
  public LockstepClassifier setNetwork(String value) {
    set(network(), value);
    return this;
  }

  /** What hidden layers end with. */
  public Param<String> activation() {
    return training().activation;
  }

  /** Sets {@link #activation}. */
  public LockstepClassifier setActivation(String value) {
    set(activation(), value);
    return this;
  }

  /** The update rule. */
  public Param<String> optimizer() {
    return training().optimizer;
  }

  /** Sets {@link #optimizer}. */
  public LockstepClassifier setOptimizer(String value) {
    set(optimizer(), value);
    return this;
  }

  /** The learning rate. */
  public DoubleParam stepSize() {
    return training().stepSize;
  }

  /** Sets {@link #stepSize}. */
  public LockstepClassifier setStepSize(double value) {
    set(stepSize(), value);
    return this;
  }

  /** Epochs. */
  public IntParam maxIter() {
    return training().maxIter;
  }

  /** Sets {@link #maxIter}. */
  public LockstepClassifier setMaxIter(int value) {
    set(maxIter(), value);
    return this;
  }

  /** Rows of a step. */
  public IntParam batchSize() {
    return training().batchSize;
  }

  /** Sets {@link #batchSize}. */
  public LockstepClassifier setBatchSize(int value) {
    set(batchSize(), value);
    return this;
  }

  /** How much better an epoch must be. */
  public DoubleParam tol() {
    return training().tol;
  }

  /** Sets {@link #tol}. */
  public LockstepClassifier setTol(double value) {
    set(tol(), value);
    return this;
  }

  /** What all randomness follows from. */
  public LongParam seed() {
    return training().seed;
  }

  /** Sets {@link #seed}. */
  public LockstepClassifier setSeed(long value) {
    set(seed(), value);
    return this;
  }

  /** How steps are run. */
  public Param<String> engine() {
    return training().engine;
  }

  /** Sets {@link #engine}. */
  public LockstepClassifier setEngine(String value) {
    set(engine(), value);
    return this;
  }

  /** Accepted, without effect. */
  public Param<String> solver() {
    return training().solver;
  }

  /** Sets {@link #solver}. */
  public LockstepClassifier setSolver(String value) {
    LOG.info("solver = {} has no effect: the optimizer trains in batches", value);
    set(solver(), value);
    return this;
  }

  /** Accepted, without effect. */
  public IntParam blockSize() {
    return training().blockSize;
  }

  /** Sets {@link #blockSize}. */
  public LockstepClassifier setBlockSize(int value) {
    LOG.info("blockSize = {} has no effect: blocks are sized by themselves", value);
    set(blockSize(), value);
    return this;
  }

  /** The first weights. */
  public Param<Vector> initialWeights() {
    return training().initialWeights;
  }

  /** Sets {@link #initialWeights}. */
  public LockstepClassifier setInitialWeights(Vector value) {
    set(initialWeights(), value);
    return this;
  }

  /** The column of weights. */
  public Param<String> weightCol() {
    return training().weightCol;
  }

  /** Sets {@link #weightCol}. */
  public LockstepClassifier setWeightCol(String value) {
    set(weightCol(), value);
    return this;
  }

  /** The column that holds rows out. */
  public Param<String> validationIndicatorCol() {
    return training().validationIndicatorCol;
  }

  /** Sets {@link #validationIndicatorCol}. */
  public LockstepClassifier setValidationIndicatorCol(String value) {
    set(validationIndicatorCol(), value);
    return this;
  }

  @Override
  public StructType transformSchema(StructType schema) {
    return validateAndTransformSchema(schema, true, featuresDataType());
  }

  /** As Spark's, but for more forms of features, and with the columns that only training reads. */
  @Override
  public StructType validateAndTransformSchema(
      StructType schema, boolean fitting, DataType featuresDataType) {
    return Schemas.transformed(
        schema,
        getFeaturesCol(),
        fitting
            ? List.of(
                Optional.of(getLabelCol()),
                training().given(weightCol()),
                training().given(validationIndicatorCol()))
            : List.of(),
        List.of(getRawPredictionCol(), getProbabilityCol()),
        getPredictionCol());
  }

  @Override
  public LockstepClassificationModel train(Dataset<?> dataset) {
    JavaSparkContext spark =
        JavaSparkContext.fromSparkContext(dataset.sparkSession().sparkContext());
    checkSerializer(spark.getConf());
    Features features = Features.of(dataset.schema(), getFeaturesCol());
    Optional<Column> isHeld = training().given(validationIndicatorCol()).map(functions::col);
    Dataset<?> seen = isHeld.isPresent() ? dataset.filter(functions.not(isHeld.get())) : dataset;
    try (Tables tables = new Tables()) {
      Table rows = tables.add(read(seen, features, "the table"));
      Optional<Table> held =
          isHeld.map(
              column -> tables.add(read(dataset.filter(column), features, "the held-out rows")));
      int classes = Math.max(2, Math.max(rows.classes(), held.map(Table::classes).orElse(0)));
      int outputs = training().sizes().map(sizes -> sizes[sizes.length - 1]).orElse(classes);
      RunConfig config = training().config(rows.rows().features(), outputs);
      checkClasses(config, rows.rows(), classes);
      TableTraining run =
          new TableTraining(
              config, rows.rows(), held.map(Table::rows), message -> LOG.info("{}", message));
      return new LockstepClassificationModel(
          run.run(spark, training().given(initialWeights()).map(InitialWeights::new)));
    }
  }

  /** Kryo does not know records by itself. */
  private static void checkSerializer(SparkConf conf) {
    String ours = SparkKryoRegistrator.class.getName();
    boolean isKryo = conf.get("spark.serializer", "").endsWith(".KryoSerializer");
    if (isKryo && !List.of(conf.get("spark.kryo.registrator", "").split(",")).contains(ours)) {
      throw new ConfigException(
          "spark.serializer is Kryo, which must be told of Lockstep's classes; set spark.kryo.registrator = %s, beside others that are there"
              .formatted(ours));
    }
  }

  private Table read(Dataset<?> table, Features features, String name) {
    return Table.read(table, features, getLabelCol(), training().given(weightCol()), name);
  }

  private void checkClasses(RunConfig config, ExampleRows rows, int classes) {
    int told = config.toTraining(rows.examples(), rows.features()).classes();
    if (classes > told) {
      throw new DataException(
          "%s has %d, but the network has outputs for labels 0 to %d"
              .formatted(getLabelCol(), classes - 1, told - 1));
    }
  }

  @Override
  public LockstepClassifier copy(ParamMap extra) {
    return defaultCopy(extra);
  }
}
