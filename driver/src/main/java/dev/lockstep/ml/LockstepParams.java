package dev.lockstep.ml;

import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntArrayParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.LongParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.Params;
import org.apache.spark.ml.param.StringArrayParam;

/**
 * The parameters of stages that train. Each is documented by itself ({@code explainParams}); what
 * is not set and has no default is as conf/reference.conf says.
 *
 * @param <S> the stage
 */
public interface LockstepParams<S> extends Params {
  /** What holds them all. */
  TrainingParams training();

  /** The stage itself. */
  @SuppressWarnings("unchecked")
  private S self() {
    return (S) this;
  }

  /** Sizes of layers, from features to outputs. */
  default IntArrayParam layers() {
    return training().layers;
  }

  /** The value of {@link #layers}. */
  default int[] getLayers() {
    return getOrDefault(layers());
  }

  /** Sets {@link #layers}. */
  default S setLayers(int[] value) {
    set(layers(), value);
    return self();
  }

  /** All else, in the configuration language. */
  default Param<String> network() {
    return training().network;
  }

  /** The value of {@link #network}. */
  default String getNetwork() {
    return getOrDefault(network());
  }

  /** Sets {@link #network}. */
  default S setNetwork(String value) {
    set(network(), value);
    return self();
  }

  /** What hidden layers end with. */
  default Param<String> activation() {
    return training().activation;
  }

  /** The value of {@link #activation}. */
  default String getActivation() {
    return getOrDefault(activation());
  }

  /** Sets {@link #activation}. */
  default S setActivation(String value) {
    set(activation(), value);
    return self();
  }

  /** The update rule. */
  default Param<String> optimizer() {
    return training().optimizer;
  }

  /** The value of {@link #optimizer}. */
  default String getOptimizer() {
    return getOrDefault(optimizer());
  }

  /** Sets {@link #optimizer}. */
  default S setOptimizer(String value) {
    set(optimizer(), value);
    return self();
  }

  /** The learning rate. */
  default DoubleParam stepSize() {
    return training().stepSize;
  }

  /** The value of {@link #stepSize}. */
  default double getStepSize() {
    return (double) getOrDefault(stepSize());
  }

  /** Sets {@link #stepSize}. */
  default S setStepSize(double value) {
    set(stepSize(), value);
    return self();
  }

  /** How many epochs. */
  default IntParam maxIter() {
    return training().maxIter;
  }

  /** The value of {@link #maxIter}. */
  default int getMaxIter() {
    return (int) getOrDefault(maxIter());
  }

  /** Sets {@link #maxIter}. */
  default S setMaxIter(int value) {
    set(maxIter(), value);
    return self();
  }

  /** Rows of a step. */
  default IntParam batchSize() {
    return training().batchSize;
  }

  /** The value of {@link #batchSize}. */
  default int getBatchSize() {
    return (int) getOrDefault(batchSize());
  }

  /** Sets {@link #batchSize}. */
  default S setBatchSize(int value) {
    set(batchSize(), value);
    return self();
  }

  /** By how much an epoch must be better. */
  default DoubleParam tol() {
    return training().tol;
  }

  /** The value of {@link #tol}. */
  default double getTol() {
    return (double) getOrDefault(tol());
  }

  /** Sets {@link #tol}. */
  default S setTol(double value) {
    set(tol(), value);
    return self();
  }

  /** What all randomness follows from. */
  default LongParam seed() {
    return training().seed;
  }

  /** The value of {@link #seed}. */
  default long getSeed() {
    return (long) getOrDefault(seed());
  }

  /** Sets {@link #seed}. */
  default S setSeed(long value) {
    set(seed(), value);
    return self();
  }

  /** How steps are run. */
  default Param<String> engine() {
    return training().engine;
  }

  /** The value of {@link #engine}. */
  default String getEngine() {
    return getOrDefault(engine());
  }

  /** Sets {@link #engine}. */
  default S setEngine(String value) {
    set(engine(), value);
    return self();
  }

  /** A word without effect. */
  default Param<String> solver() {
    return training().solver;
  }

  /** The value of {@link #solver}. */
  default String getSolver() {
    return getOrDefault(solver());
  }

  /** Sets {@link #solver}. */
  default S setSolver(String value) {
    set(solver(), value);
    return self();
  }

  /** A number without effect. */
  default IntParam blockSize() {
    return training().blockSize;
  }

  /** The value of {@link #blockSize}. */
  default int getBlockSize() {
    return (int) getOrDefault(blockSize());
  }

  /** Sets {@link #blockSize}. */
  default S setBlockSize(int value) {
    set(blockSize(), value);
    return self();
  }

  /** The first weights. */
  default Param<Vector> initialWeights() {
    return training().initialWeights;
  }

  /** The value of {@link #initialWeights}. */
  default Vector getInitialWeights() {
    return getOrDefault(initialWeights());
  }

  /** Sets {@link #initialWeights}. */
  default S setInitialWeights(Vector value) {
    set(initialWeights(), value);
    return self();
  }

  /** The column of weights. */
  default Param<String> weightCol() {
    return training().weightCol;
  }

  /** The value of {@link #weightCol}. */
  default String getWeightCol() {
    return getOrDefault(weightCol());
  }

  /** Sets {@link #weightCol}. */
  default S setWeightCol(String value) {
    set(weightCol(), value);
    return self();
  }

  /** The column that is true for rows that are held out. */
  default Param<String> validationIndicatorCol() {
    return training().validationIndicatorCol;
  }

  /** The value of {@link #validationIndicatorCol}. */
  default String getValidationIndicatorCol() {
    return getOrDefault(validationIndicatorCol());
  }

  /** Sets {@link #validationIndicatorCol}. */
  default S setValidationIndicatorCol(String value) {
    set(validationIndicatorCol(), value);
    return self();
  }

  /** The column that tells rows apart and gives them their order. */
  default Param<String> idCol() {
    return training().idCol;
  }

  /** The value of {@link #idCol}. */
  default String getIdCol() {
    return getOrDefault(idCol());
  }

  /** Sets {@link #idCol}. */
  default S setIdCol(String value) {
    set(idCol(), value);
    return self();
  }

  /** Columns of a feature each, instead of featuresCol. */
  default StringArrayParam inputCols() {
    return training().inputCols;
  }

  /** The value of {@link #inputCols}. */
  default String[] getInputCols() {
    return getOrDefault(inputCols());
  }

  /** Sets {@link #inputCols}. */
  default S setInputCols(String[] value) {
    set(inputCols(), value);
    return self();
  }

  /** The directory where fit keeps its state. */
  default Param<String> checkpointDir() {
    return training().checkpointDir;
  }

  /** The value of {@link #checkpointDir}. */
  default String getCheckpointDir() {
    return getOrDefault(checkpointDir());
  }

  /** Sets {@link #checkpointDir}. */
  default S setCheckpointDir(String value) {
    set(checkpointDir(), value);
    return self();
  }
}
