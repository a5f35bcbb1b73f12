package dev.lockstep.metric;

import java.io.Serializable;
import java.util.List;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/**
 * Which classes outputs spoke for, and which it should have been, over K classes. Every example
 * counts once, whatever its weight.
 *
 * <p>There are 4 K counts, and K^2 more of the confusion matrix as long as K is at most {@value
 * #MOST_CONFUSED}; so they stay small for any number of classes.
 *
 * @param examples of each class, how many have it
 * @param predicted of each class, how many were taken for it
 * @param correct of each class, how many have it and were taken for it
 * @param ranks of each rank from 0, for how many so many outputs were above that of their class, or
 *     equal and before it
 * @param confusion [K,K], how many of a class (the row) were taken for another (the column); empty
 *     above {@value #MOST_CONFUSED} classes
 */
public record ClassCounts(
    List<Long> examples,
    List<Long> predicted,
    List<Long> correct,
    List<Long> ranks,
    List<Long> confusion)
    implements Serializable {
  /** The most classes for which there is a confusion matrix. */
  public static final int MOST_CONFUSED = 100;

  /** Of no example. */
  public static final ClassCounts NONE =
      new ClassCounts(List.of(), List.of(), List.of(), List.of(), List.of());

  public ClassCounts {
    examples = List.copyOf(examples);
    predicted = List.copyOf(predicted);
    correct = List.copyOf(correct);
    ranks = List.copyOf(ranks);
    confusion = List.copyOf(confusion);
  }

  /** K. */
  public int classes() {
    return examples.size();
  }

  /** Whether there is no example. */
  public boolean isEmpty() {
    return examples.isEmpty();
  }

  /** The share of examples that were taken for their class, in [0, 1]. */
  public double accuracy() {
    return ratio(total(correct), total(examples));
  }

  /**
   * The share of examples whose class was among the k with the largest outputs; the lower class is
   * before its equals.
   *
   * @throws IllegalArgumentException unless k is from 1 to K
   */
  public double topAccuracy(int k) {
    if (k < 1 || k > classes()) {
      throw new IllegalArgumentException(
          "top %d of %d classes: want a number from 1 to %d".formatted(k, classes(), classes()));
    }
    return ratio(total(ranks.subList(0, k)), total(examples));
  }

  /** Of those taken for a class, the share that has it; 0 if none was. */
  public double precision(int ofClass) {
    return share(correct.get(ofClass), predicted.get(ofClass));
  }

  /** Of those that have a class, the share that was taken for it; 0 if none has. */
  public double recall(int ofClass) {
    return share(correct.get(ofClass), examples.get(ofClass));
  }

  /** The harmonic mean of precision and recall; 0 if both are. */
  public double f1(int ofClass) {
    return share(2 * correct.get(ofClass), examples.get(ofClass) + predicted.get(ofClass));
  }

  /** The mean precision of the classes that any example has or was taken for. */
  public double macroPrecision() {
    return macro(this::precision);
  }

  /** The mean recall of the same classes. */
  public double macroRecall() {
    return macro(this::recall);
  }

  /** The mean F1 of the same classes. */
  public double macroF1() {
    return macro(this::f1);
  }

  /** Like scikit-learn's macro averages: without classes that play no part. */
  private double macro(IntToDoubleFunction ofClass) {
    double sum = 0;
    int present = 0;
    for (int c = 0; c < classes(); c++) {
      if (examples.get(c) + predicted.get(c) > 0) {
        sum += ofClass.applyAsDouble(c);
        present++;
      }
    }
    return sum / present;
  }

  /** How many of a class were taken for each of the classes. */
  public List<Long> confusion(int ofClass) {
    return confusion.subList(ofClass * classes(), (ofClass + 1) * classes());
  }

  /** The counts of both. */
  ClassCounts plus(ClassCounts more) {
    if (isEmpty()) {
      return more;
    }
    if (more.isEmpty()) {
      return this;
    }
    return new ClassCounts(
        sum(examples, more.examples),
        sum(predicted, more.predicted),
        sum(correct, more.correct),
        sum(ranks, more.ranks),
        sum(confusion, more.confusion));
  }

  private static List<Long> sum(List<Long> a, List<Long> b) {
    return IntStream.range(0, a.size()).mapToObj(i -> a.get(i) + b.get(i)).toList();
  }

  private static long total(List<Long> counts) {
    return counts.stream().mapToLong(Long::longValue).sum();
  }

  private static double ratio(long part, long whole) {
    return (double) part / (double) whole;
  }

  private static double share(long part, long whole) {
    return whole == 0 ? 0 : ratio(part, whole);
  }
}
