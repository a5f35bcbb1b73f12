package dev.lockstep.schedule;

import dev.lockstep.setting.Setting;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A time in a run, as configurations have it: {@code 3} or {@code 3 epochs}, {@code 200 steps},
 * {@code 50000 examples}, or {@code run} for as long as the run is.
 *
 * @param count how many, at least 1; 1 for a run
 * @param unit of what
 */
public record Length(long count, Unit unit) {
  /** As long as the run. */
  public static final Length RUN = new Length(1, Unit.RUN);

  private static final long MAX = 1_000_000_000;
  private static final String WANT =
      "epochs, steps or examples, from 1 to %d, such as 3, 3 epochs, 200 steps or 50000 examples"
          .formatted(MAX);
  private static final Pattern TEXT = Pattern.compile("([0-9]{1,10})(\\s+(epoch|step|example)s?)?");

  /** What lengths are counted in. */
  public enum Unit {
    /** Walks through the training set. */
    EPOCHS,
    /** Updates. */
    STEPS,
    /** Examples that are seen, from the beginning of the run; rounded up to whole steps. */
    EXAMPLES,
    /** The run itself. */
    RUN
  }

  public Length {
    if (count < 1 || count > MAX) {
      throw new IllegalArgumentException("a length of %d: want 1 to %d".formatted(count, MAX));
    }
  }

  /** So many epochs. */
  public static Length epochs(long count) {
    return new Length(count, Unit.EPOCHS);
  }

  /** So many steps. */
  public static Length steps(long count) {
    return new Length(count, Unit.STEPS);
  }

  /** A number of epochs, steps or examples. */
  static Setting<Length> setting(String name, Length byDefault, String meaning) {
    return new Setting<>(name, WANT, meaning, Optional.of(byDefault), false, Length::read);
  }

  /** A number of epochs, steps or examples, or the run; the run by default. */
  static Setting<Length> upToRun(String name, String meaning) {
    return new Setting<>(
        name,
        "run, or " + WANT,
        meaning,
        Optional.of(RUN),
        false,
        text -> text.equals(RUN.toString()) ? Optional.of(RUN) : read(text));
  }

  /** A list of them. */
  static Setting<List<Length>> list(String name, String meaning) {
    return Setting.list(
        name,
        "a list of epochs, steps or examples, such as [3, 5] or [200 steps]",
        meaning,
        Length::read);
  }

  /** The length that a text stands for; empty if it stands for none. */
  public static Optional<Length> read(String text) {
    Matcher matcher = TEXT.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    long count = Long.parseLong(matcher.group(1));
    Unit unit =
        switch (String.valueOf(matcher.group(3))) {
          case "step" -> Unit.STEPS;
          case "example" -> Unit.EXAMPLES;
          default -> Unit.EPOCHS;
        };
    return count < 1 || count > MAX ? Optional.empty() : Optional.of(new Length(count, unit));
  }

  /** Steps of it in a run, or in its part, from the beginning. */
  public long steps(Horizon horizon) {
    return switch (unit) {
      case EPOCHS -> horizon.stepsOfEpochs(count);
      case STEPS -> count;
      case EXAMPLES -> horizon.stepsForExamples(count);
      case RUN -> horizon.steps();
    };
  }

  /**
   * Steps of it wherever it begins.
   *
   * @throws IllegalArgumentException if that differs from epoch to epoch
   */
  long stepsAnywhere(Horizon horizon) {
    if (!horizon.isEven() && unit != Unit.STEPS) {
      throw new IllegalArgumentException(
          "%s again and again, while the batch grows: want a number of steps".formatted(this));
    }
    return steps(horizon);
  }

  /** Reads back as the same length. */
  @Override
  public String toString() {
    return switch (unit) {
      case EPOCHS -> count == 1 ? "1 epoch" : count + " epochs";
      case STEPS -> count == 1 ? "1 step" : count + " steps";
      case EXAMPLES -> count == 1 ? "1 example" : count + " examples";
      case RUN -> "run";
    };
  }
}
