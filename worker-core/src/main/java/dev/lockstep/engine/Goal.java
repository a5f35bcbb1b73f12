package dev.lockstep.engine;

import java.io.Serializable;
import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What a run is to reach: it ends at the first moment at which it is seen to have. (The measure of
 * Shallue et al., "Measuring the Effects of Data Parallelism on Neural Network Training", 2019:
 * steps to a goal error.)
 *
 * @param figure what is looked at
 * @param bound what it is to come to, finite
 */
public record Goal(Figure figure, double bound) implements Serializable {
  private static final Pattern TEXT = Pattern.compile("([a-z_]+)\\s*(>=|<=)\\s*([0-9.eE+-]{1,32})");

  /** A figure of a run. */
  public enum Figure {
    /** Share of what is held out that was taken for its class; higher is better. */
    VALIDATION_ACCURACY(">="),
    /** Mean loss over what is held out; lower is better. */
    VALIDATION_LOSS("<="),
    /** Mean loss over the steps of an epoch, at its end; lower is better. */
    TRAIN_LOSS("<=");

    private final String relation;

    Figure(String relation) {
      this.relation = relation;
    }

    /** As users and files write it. */
    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }

    /** Whether it is measured on what is held out. */
    public boolean isOfValidation() {
      return this != TRAIN_LOSS;
    }
  }

  public Goal {
    if (!Double.isFinite(bound)) {
      throw new IllegalArgumentException("bound = %s: want a finite number".formatted(bound));
    }
  }

  /**
   * Reads {@code validation_accuracy >= 0.97}.
   *
   * @throws IllegalArgumentException saying what is wanted
   */
  public static Goal parse(String text) {
    Matcher matcher = TEXT.matcher(text.strip());
    if (matcher.matches()) {
      for (Figure figure : Figure.values()) {
        if (figure.text().equals(matcher.group(1)) && figure.relation.equals(matcher.group(2))) {
          return of(figure, matcher.group(3));
        }
      }
    }
    throw new IllegalArgumentException(want());
  }

  private static Goal of(Figure figure, String number) {
    try {
      return new Goal(figure, Double.parseDouble(number));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(want(), e);
    }
  }

  private static String want() {
    return "want "
        + Arrays.stream(Figure.values())
            .map(figure -> figure.text() + " " + figure.relation + " NUMBER")
            .collect(Collectors.joining(", "));
  }

  /** Whether a value of the figure is good enough; NaN never is. */
  public boolean isReachedBy(double value) {
    return figure == Figure.VALIDATION_ACCURACY ? value >= bound : value <= bound;
  }

  /** The bound's relation, as {@link #parse} reads it: {@code >=} or {@code <=}. */
  public String relation() {
    return figure.relation;
  }
}
