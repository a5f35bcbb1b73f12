package dev.lockstep.ml;

import dev.lockstep.config.ConfigException;
import dev.lockstep.config.ConfigReader;
import dev.lockstep.config.EngineName;
import dev.lockstep.config.RunConfig;
import dev.lockstep.optimizer.Optimizers;
import dev.lockstep.table.Features;
import dev.lockstep.table.TableColumns;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntArrayParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.LongParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.Params;
import org.apache.spark.ml.param.StringArrayParam;
import org.apache.spark.sql.types.StructType;

/** The parameters of a stage that say what to train on and how. */
public final class TrainingParams implements Serializable {
  private static final long serialVersionUID = 1;

  private final Params stage;
  final IntArrayParam layers;
  final Param<String> network;
  final Param<String> activation;
  final Param<String> optimizer;
  final DoubleParam stepSize;
  final IntParam maxIter;
  final IntParam batchSize;
  final DoubleParam tol;
  final LongParam seed;
  final Param<String> engine;
  final Param<String> solver;
  final IntParam blockSize;
  final Param<Vector> initialWeights;
  final Param<String> weightCol;
  final Param<String> validationIndicatorCol;
  final Param<String> idCol;
  final StringArrayParam inputCols;
  final Param<String> checkpointDir;

  TrainingParams(Params stage) {
    this.stage = stage;
    this.layers =
        new IntArrayParam(
            stage,
            "layers",
            "Sizes of layers from input to output, such as 784, 128, 10: features first, classes last. Without it, or a network, there is one hidden layer of 128.",
            Valid.sizes("layers"));
    this.network =
        text(
            "network",
            "Settings in the configuration language of conf/reference.conf, for all that has no parameter of its own; parameters that are set take the place of what stands there.");
    this.activation =
        new Param<>(
            stage,
            "activation",
            "What hidden layers of 'layers' end with: relu, sigmoid, tanh, … .",
            Valid.activation("activation"));
    this.optimizer = oneOf("optimizer", "The update rule: %s.", Optimizers.KINDS.names());
    this.stepSize =
        new DoubleParam(stage, "stepSize", "The learning rate.", Valid.above("stepSize", 0));
    this.maxIter = count("maxIter", "Epochs: how often all rows are walked through.");
    this.batchSize = count("batchSize", "Rows of a step, over all tasks.");
    this.tol =
        new DoubleParam(
            stage,
            "tol",
            "Training ends with an epoch whose mean loss (or loss on the held-out rows) is not at least so much better than the best before; 0: it does not.",
            Valid.atLeast("tol", 0));
    this.seed = new LongParam(stage, "seed", "All randomness follows from it.");
    this.engine =
        oneOf(
            "engine",
            "How steps are run: %s (allreduce: a barrier stage for many steps; tree: a Spark job a step). Never part of the result.",
            EngineName.names().stream()
                .filter(name -> !name.equals(EngineName.LOCAL.configName()))
                .toList());
    this.solver =
        oneOf(
            "solver",
            "Accepted for MultilayerPerceptronClassifier's sake, %s; rows are always trained on in batches, by the optimizer.",
            List.of("l-bfgs", "gd"));
    this.blockSize =
        count(
            "blockSize",
            "Accepted for MultilayerPerceptronClassifier's sake; blocks are sized by themselves.");
    this.initialWeights =
        new Param<>(
            stage,
            "initialWeights",
            "First weights of dense layers, as MultilayerPerceptronClassifier has them: for each layer the weights, all outputs of the first input first, then the biases.");
    this.weightCol = text("weightCol", "The column of weights of rows; all weigh 1 without it.");
    this.validationIndicatorCol =
        text(
            "validationIndicatorCol",
            "A column that is true for rows that are held out, to watch training by; where it has no value the row is not.");
    this.idCol =
        text(
            "idCol",
            "A column whose values tell rows apart; rows are taken in its order. Without it they are taken in the order in which Spark has them.");
    this.inputCols = inputCols(stage);
    this.checkpointDir =
        text(
            "checkpointDir",
            "A directory, on any Hadoop file system, where fit keeps its state at the end of each epoch; the same fit on the same rows goes on from there after a failure, and leaves it empty.");
  }

  /** The columns of a number each, which models have too. */
  static StringArrayParam inputCols(Params stage) {
    return new StringArrayParam(
        stage,
        "inputCols",
        "Columns of a number each, which are the features; they take the place of featuresCol.",
        Valid.names("inputCols"));
  }

  /** Shows what holds where neither a parameter nor {@code network} says otherwise. */
  void setDefaults() {
    RunConfig defaults = ConfigReader.read(Optional.empty(), "defaults", List.of());
    stage.setDefault(activation, "relu");
    stage.setDefault(optimizer, defaults.optimizer().rule().name());
    stage.setDefault(stepSize, defaults.optimizer().learningRate());
    stage.setDefault(maxIter, defaults.epochs());
    stage.setDefault(batchSize, defaults.batchSize());
    stage.setDefault(tol, 0.0);
    stage.setDefault(seed, defaults.seed());
    stage.setDefault(engine, defaults.engine().configName());
  }

  /** Spark's word on a parameter, which shows arrays by their addresses. */
  String explain(Param<?> param, String word) {
    scala.Option<?> value = stage.get(param);
    if (value.isEmpty()) {
      return word;
    }
    Object array = value.get();
    String shown =
        array instanceof int[] sizes
            ? Arrays.toString(sizes)
            : array instanceof String[] names ? Arrays.toString(names) : array.toString();
    return word.replace(array.toString(), shown);
  }

  private Param<String> text(String name, String doc) {
    return new Param<>(stage, name, doc);
  }

  /**
   * @param doc with a place for the names
   */
  private Param<String> oneOf(String name, String doc, List<String> names) {
    return new Param<>(
        stage, name, doc.formatted(String.join(", ", names)), Valid.oneOf(name, names));
  }

  private IntParam count(String name, String doc) {
    return new IntParam(stage, name, doc, Valid.atLeast(name, 1));
  }

  /** The value of a parameter that has been set. */
  <T> Optional<T> given(Param<T> param) {
    return stage.isSet(param) ? Optional.of(stage.getOrDefault(param)) : Optional.empty();
  }

  /** The values of an array parameter that has been set. */
  Optional<List<String>> givenInputs() {
    return stage.isSet(inputCols)
        ? Optional.of(List.of(stage.getOrDefault(inputCols)))
        : Optional.empty();
  }

  /**
   * Where features are.
   *
   * @throws ConfigException if no such columns are there
   */
  Features features(StructType schema, String featuresCol) {
    return givenInputs()
        .map(columns -> Features.of(schema, inputCols.name(), columns))
        .orElseGet(() -> Features.in(schema, "featuresCol", featuresCol));
  }

  /**
   * What makes an example of a row.
   *
   * @throws ConfigException if a column is not there
   */
  TableColumns columns(StructType schema, String featuresCol, String labelCol, boolean isClass) {
    return new TableColumns(
        features(schema, featuresCol), labelCol, isClass, given(weightCol), given(idCol));
  }

  /**
   * Checks what can be known before any row is read.
   *
   * @throws ConfigException if two parameters say which rows are held out
   */
  void check() {
    String fraction = "validation.fraction";
    if (ConfigReader.says(given(network), fraction) && given(validationIndicatorCol).isPresent()) {
      throw new ConfigException(
          "network has %s, and validationIndicatorCol is %s; only one can say which rows are held out"
              .formatted(fraction, given(validationIndicatorCol).get()));
    }
  }

  /** Parameters that are taken and change nothing, each with the reason. */
  List<String> withoutEffect() {
    List<String> found = new ArrayList<>();
    given(solver)
        .ifPresent(
            value ->
                found.add(
                    "solver = %s has no effect: the optimizer trains in batches".formatted(value)));
    given(blockSize)
        .ifPresent(
            value ->
                found.add(
                    "blockSize = %s has no effect: blocks are sized by themselves"
                        .formatted(value)));
    return found;
  }

  /** The sizes of {@code layers}, if they have been set. */
  Optional<int[]> sizes() {
    return stage.isSet(layers) ? Optional.of(stage.getOrDefault(layers)) : Optional.empty();
  }

  /**
   * What these parameters come to.
   *
   * @param features of a row
   * @param outputs of a network that is not described
   * @param loss where none is named
   * @throws ConfigException if they are not what they should be
   */
  RunConfig config(int features, int outputs, String loss) {
    List<String> overrides = new ArrayList<>();
    if (!ConfigReader.says(given(network), "loss.name")) {
      overrides.add("loss.name=" + loss);
    }
    if (sizes().isPresent() || !ConfigReader.says(given(network), "layers")) {
      overrides.add(
          "layers=" + layers(sizes().orElse(new int[] {features, 128, outputs}), features));
    }
    given(optimizer).ifPresent(name -> overrides.add("optimizer.name=" + name));
    given(stepSize).ifPresent(rate -> overrides.add("optimizer.learning-rate=" + rate));
    given(maxIter).ifPresent(epochs -> overrides.add("epochs=" + epochs));
    given(batchSize).ifPresent(rows -> overrides.add("batch-size=" + rows));
    given(seed).ifPresent(number -> overrides.add("seed=" + number));
    given(engine).ifPresent(name -> overrides.add("engine=" + name));
    given(tol)
        .filter(least -> (double) least > 0)
        .ifPresent(
            least -> overrides.addAll(List.of("stop.patience=1", "stop.min-delta=" + least)));
    return ConfigReader.read(given(network), network.name(), overrides);
  }

  private String layers(int[] sizes, int features) {
    if (sizes[0] != features) {
      throw new ConfigException(
          "layers = %s: the first is the number of features, which is %d"
              .formatted(IntStream.of(sizes).boxed().toList(), features));
    }
    String hidden = given(activation).orElse("relu");
    return IntStream.range(1, sizes.length)
        .mapToObj(
            l ->
                l == sizes.length - 1
                    ? "dense " + sizes[l]
                    : "dense %d %s".formatted(sizes[l], hidden))
        .collect(Collectors.joining(", ", "[", "]"));
  }
}
