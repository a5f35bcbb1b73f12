package dev.lockstep.schedule;

import dev.lockstep.setting.Setting;
import dev.lockstep.setting.Settings;
import dev.lockstep.setting.SettingsException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One schedule after another; each counts its own steps from 0.
 *
 * @param phases at least one; the last goes on for ever
 */
public record Sequence(List<Phase> phases) implements Schedule {
  private static final Setting<List<String>> PHASES =
      Setting.texts(
              "phases",
              "a list of phases such as [constant for 5 epochs, cosine for 200 steps]",
              "schedules, one after the other")
          .required();

  /**
   * A part of a run.
   *
   * @param schedule the rate of its steps
   * @param steps how many
   */
  public record Phase(Schedule schedule, long steps) implements Serializable {}

  public Sequence {
    phases = List.copyOf(phases);
    if (phases.isEmpty()) {
      throw new IllegalArgumentException("no phases: want at least one");
    }
  }

  @Override
  public double rate(long step) {
    long own = step;
    int i = 0;
    while (i < phases.size() - 1 && own >= phases.get(i).steps()) {
      own -= phases.get(i).steps();
      i++;
    }
    return phases.get(i).schedule().rate(own);
  }

  /**
   * {@code sequence}. A phase reads {@code KIND [at RATE] [SETTING=VALUE ...] [for LENGTH]}; the
   * last one may do without its length and takes what is left of the run.
   */
  public record Kind() implements ScheduleKind {
    @Override
    public String name() {
      return "sequence";
    }

    @Override
    public String meaning() {
      return "phases such as \"constant for 5 epochs\" or \"cosine at 0.01 end=0.001 for 200"
          + " steps\", each from its own step 0";
    }

    @Override
    public List<Setting<?>> settings() {
      return List.of(PHASES);
    }

    @Override
    public Schedule create(Settings settings, Horizon horizon) {
      List<String> texts = settings.get(PHASES);
      List<SettingsException.Mistake> mistakes = new ArrayList<>();
      List<Phase> phases = new ArrayList<>();
      long left = horizon.steps();
      for (int i = 0; i < texts.size(); i++) {
        try {
          PhaseSentence sentence = PhaseSentence.parse(texts.get(i));
          if (sentence.length().isEmpty() && i < texts.size() - 1) {
            throw new IllegalArgumentException(
                "want \"for\" and a length; only the last needs none");
          }
          long rest = Math.max(left, 1);
          Horizon own = horizon.from(horizon.steps() - left);
          long steps = sentence.length().map(length -> length.steps(own)).orElse(rest);
          phases.add(new Phase(sentence.create(own, steps), steps));
          left -= steps;
        } catch (IllegalArgumentException e) {
          mistakes.add(mistake(texts, "phase %d: %s".formatted(i + 1, e.getMessage())));
        }
      }
      if (texts.isEmpty()) {
        mistakes.add(mistake(texts, "want " + PHASES.want()));
      }
      if (!mistakes.isEmpty()) {
        throw new SettingsException(mistakes);
      }
      return new Sequence(phases);
    }

    private static SettingsException.Mistake mistake(List<String> texts, String want) {
      return new SettingsException.Mistake(PHASES.name(), Optional.of(texts.toString()), want);
    }
  }
}
