package dev.lockstep.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

class AnswerTest {
  private static final String RATES = "tune { optimizer.learning-rate = [0.1, 0.2, 0.4, 0.8] }\n";
  private static final String GOAL = "goal = \"train_loss <= 1\"\n";

  private final Question plain = Question.of(RATES);

  /**
   * A specification and its trials.
   *
   * @param trials four, with growing rates
   */
  private record Question(SweepSpec spec, List<Trial> trials) {
    static Question of(String text) {
      try {
        SweepSpec spec = SpecReader.read(text, "s.conf");
        return new Question(spec, new TrialPlan(spec, List.of(), true).search());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    Answer answer(Outcome... outcomes) {
      return Answer.of(spec.cells().get(0), List.of(outcomes), spec);
    }

    Trial trial(int number) {
      return trials.get(number);
    }
  }

  private static int best(Answer answer) {
    return answer.best().orElseThrow().trial().number();
  }

  @Test
  void withAGoalTheFewestStepsToItAreBest() {
    Question goal = Question.of(RATES + GOAL);
    Answer answer =
        goal.answer(
            Outcomes.complete(goal.trial(0), 40, 0.5),
            Outcomes.complete(goal.trial(1), 30, 0.9),
            Outcomes.complete(goal.trial(2), 30, 0.8),
            Outcomes.of(goal.trial(3), Status.INFEASIBLE, 3, 0));
    assertThat(best(answer)).isEqualTo(2);
    assertThat(answer.isAtEdge()).isFalse();
    assertThat(answer.stepsToGoal().median()).isEqualTo(30);
    assertThat(answer.count(Status.INFEASIBLE)).isEqualTo(1);
  }

  @Test
  void whatDidNotReachTheGoalIsNeverBest() {
    Question goal = Question.of(RATES + GOAL);
    Answer answer = goal.answer(Outcomes.of(goal.trial(1), Status.OUT_OF_BUDGET, 9, 0.1));
    assertThat(answer.best()).isEmpty();
    assertThat(answer.stepsToGoal().count()).isZero();
    assertThat(answer.isAtEdge()).isFalse();
  }

  @Test
  void withoutAGoalTheFigureDecidesAndOfEqualsTheFirst() {
    Answer answer =
        plain.answer(
            Outcomes.accuracy(plain.trial(0), 0.5),
            Outcomes.accuracy(plain.trial(1), 0.9),
            Outcomes.accuracy(plain.trial(2), 0.9),
            Outcomes.accuracy(plain.trial(3), Double.NaN));
    assertThat(best(answer)).isEqualTo(1);
    assertThat(answer.stepsToGoal().count()).isZero();
  }

  @Test
  void whereNothingIsHeldOutTheTrainingLossDecides() {
    assertThat(
            best(
                plain.answer(
                    Outcomes.complete(plain.trial(0), 5, 0.5),
                    Outcomes.complete(plain.trial(1), 5, 0.4))))
        .isEqualTo(1);
  }

  @Test
  void theFigureCanBeChosen() {
    Question byLoss = Question.of(RATES + "select = train_loss");
    Outcome accurate = Outcomes.accuracy(byLoss.trial(0), 0.99);
    Outcome low = Outcomes.complete(byLoss.trial(1), 10, 0.5);
    assertThat(best(byLoss.answer(accurate, low))).isEqualTo(1);
  }

  /** The largest rate that was tried is best: a larger one may be better still. */
  @Test
  void anEdgeIsToldWhereTheRangeWasTooSmall() {
    Outcome[] outcomes = new Outcome[4];
    for (int best = 0; best < 4; best++) {
      for (int t = 0; t < 4; t++) {
        outcomes[t] = Outcomes.accuracy(plain.trial(t), t == best ? 0.9 : 0.8);
      }
      Answer answer = plain.answer(outcomes);
      assertThat(best(answer)).isEqualTo(best);
      assertThat(answer.isAtEdge()).isEqualTo(best == 0 || best == 3);
    }
  }

  /** Beyond it everything diverges: the range is wide enough. */
  @Test
  void whatDivergesBelongsToTheRange() {
    Answer answer =
        plain.answer(
            Outcomes.accuracy(plain.trial(0), 0.5),
            Outcomes.accuracy(plain.trial(1), 0.9),
            Outcomes.of(plain.trial(2), Status.INFEASIBLE, 1, 0),
            Outcomes.of(plain.trial(3), Status.INFEASIBLE, 1, 0));
    assertThat(answer.isAtEdge()).isFalse();
  }

  @Test
  void aSpreadHasItsMedian() {
    assertThat(Spread.of(DoubleStream.of(3, 1, 2))).isEqualTo(new Spread(3, 1, 2, 2, 3));
    assertThat(Spread.of(DoubleStream.of(4, 1, 2, 3)).median()).isEqualTo(2.5);
  }
}
