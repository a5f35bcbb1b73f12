package dev.lockstep.ml;

import dev.lockstep.metric.ClassCounts;
import dev.lockstep.metric.Evaluation;
import java.io.Serializable;
import java.util.OptionalDouble;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/**
 * How well a network tells the classes of a table's rows apart. Every row counts once; only the
 * loss is weighted, as in training. Figures of classes have those of class 0 first.
 */
public class LockstepClassificationSummary implements Serializable {
  private static final long serialVersionUID = 1;

  private final Evaluation evaluation;

  LockstepClassificationSummary(Evaluation evaluation) {
    this.evaluation = evaluation;
  }

  /** How many rows. */
  public long count() {
    return evaluation.examples();
  }

  /** The weighted mean of losses. */
  public double loss() {
    return evaluation.meanLoss();
  }

  /** Mean of minus the natural logarithm of the class's probability; empty if there are none. */
  public OptionalDouble logLoss() {
    return evaluation.logLoss();
  }

  /** The share of rows that were taken for their class. */
  public double accuracy() {
    return evaluation.accuracy();
  }

  /** How often each class was taken for each. */
  public ClassCounts classes() {
    return evaluation.classes();
  }

  /** The classes: 0, 1, 2 … . */
  public double[] labels() {
    return ofEach(c -> c);
  }

  /** Of those taken for a class, the share that has it. */
  public double[] precisionByLabel() {
    return ofEach(classes()::precision);
  }

  /** Of those that have a class, the share that was taken for it. */
  public double[] recallByLabel() {
    return ofEach(classes()::recall);
  }

  /** The same as {@link #recallByLabel}. */
  public double[] truePositiveRateByLabel() {
    return recallByLabel();
  }

  /** Of those that have another class, the share that was taken for this; 0 if there are none. */
  public double[] falsePositiveRateByLabel() {
    return ofEach(this::falsePositiveRate);
  }

  /** The harmonic mean of precision and recall. */
  public double[] fMeasureByLabel() {
    return ofEach(classes()::f1);
  }

  /** The mean of {@link #precisionByLabel}, by how many rows have the class. */
  public double weightedPrecision() {
    return weighted(classes()::precision);
  }

  /** The mean of {@link #recallByLabel}, by how many rows have the class: the accuracy. */
  public double weightedRecall() {
    return weighted(classes()::recall);
  }

  /** The mean of {@link #fMeasureByLabel}, by how many rows have the class. */
  public double weightedFMeasure() {
    return weighted(classes()::f1);
  }

  private double falsePositiveRate(int c) {
    long others = count() - classes().examples().get(c);
    long taken = classes().predicted().get(c) - classes().correct().get(c);
    return others == 0 ? 0 : (double) taken / others;
  }

  private double[] ofEach(IntToDoubleFunction figure) {
    return IntStream.range(0, classes().classes()).mapToDouble(figure).toArray();
  }

  private double weighted(IntToDoubleFunction figure) {
    return IntStream.range(0, classes().classes())
            .mapToDouble(c -> classes().examples().get(c) * figure.applyAsDouble(c))
            .sum()
        / count();
  }
}
